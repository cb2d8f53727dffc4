/** One member of an object: the offset of its first message, and where its bytes lie. */
export interface MemberPlace {
  readonly firstOffset: number
  readonly start: number
  readonly length: number
}

/**
 * What stands beside an object. `gap`: the log no longer kept these messages when the archiver came to them. `removed`: they were
 * archived and taken out later, by a contract's retention.
 */
export interface ObjectMetadata {
  readonly kind: 'messages' | 'gap' | 'removed'
  /** The object covers positions from `base` to below `next`; some of them may hold no message. */
  readonly base: number
  readonly next: number
  readonly count: number
  /** Of the object's bytes, hex. */
  readonly sha256: string
  /** Which process wrote it. */
  readonly writer: string
  readonly firstTimeMs: number | null
  readonly lastTimeMs: number | null
  /** An index, derivable from the bytes and never the truth about them. */
  readonly members: readonly MemberPlace[]
}

const FORMAT = 'dateline-archive/1'

/** S3 keeps 2 KB of metadata: so many members fit in it, each of them at its longest. */
export const MOST_MEMBERS = 96

export function metadataText(metadata: ObjectMetadata): Readonly<Record<string, string>> {
  const { base, firstTimeMs, lastTimeMs, members } = metadata
  return {
    format: FORMAT,
    codec: 'zstd',
    kind: metadata.kind,
    base: String(base),
    next: String(metadata.next),
    count: String(metadata.count),
    sha256: metadata.sha256,
    writer: metadata.writer,
    ...(firstTimeMs === null ? {} : { 'first-time': new Date(firstTimeMs).toISOString() }),
    ...(lastTimeMs === null ? {} : { 'last-time': new Date(lastTimeMs).toISOString() }),
    ...(members.length === 0 ? {} : { members: membersText(members, base) }),
  }
}

/** null for metadata that are not of this format, or contradict themselves. */
export function readMetadata(text: Readonly<Record<string, string>>): ObjectMetadata | null {
  const base = count(text.base)
  const next = count(text.next)
  const messages = count(text.count)
  const { kind, sha256, writer } = text
  if (text.format !== FORMAT || base === null || next === null || messages === null) return null
  if (kind !== 'messages' && kind !== 'gap' && kind !== 'removed') return null
  if (sha256 === undefined || writer === undefined || next <= base) return null
  const members = readMembers(text.members ?? '', base)
  if (members === null) return null
  return {
    kind,
    base,
    next,
    count: messages,
    sha256,
    writer,
    firstTimeMs: time(text['first-time']),
    lastTimeMs: time(text['last-time']),
    members,
  }
}

/** `<offset behind base>.<bytes>` in base 36, by commas. */
const membersText = (members: readonly MemberPlace[], base: number): string =>
  members.map((member) => `${(member.firstOffset - base).toString(36)}.${member.length.toString(36)}`).join(',')

function readMembers(text: string, base: number): readonly MemberPlace[] | null {
  if (text === '') return []
  const members: MemberPlace[] = []
  let start = 0
  for (const part of text.split(',')) {
    const numbers = /^([0-9a-z]{1,10})\.([0-9a-z]{1,6})$/.exec(part)
    if (numbers === null) return null
    const length = Number.parseInt(numbers[2] ?? '', 36)
    members.push({ firstOffset: base + Number.parseInt(numbers[1] ?? '', 36), start, length })
    start += length
  }
  return members
}

function count(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

function time(text: string | undefined): number | null {
  const parsed = Date.parse(text ?? '')
  return Number.isNaN(parsed) ? null : parsed
}
