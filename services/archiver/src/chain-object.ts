import { hash } from 'node:crypto'
import type { Archive, LogRecord } from '@dateline/ports'
import { formatMembers, type Member, packFrames, parseMembers, sha256Of } from './frames.ts'

/** What an object of the chain says of itself, in its metadata. */
export interface ChainLink {
  /** `messages`, or `gap`: offsets that the log no longer kept when the archiver came to them. */
  readonly kind: 'messages' | 'gap'
  readonly base: number
  readonly next: number
  readonly count: number
  /** RFC 3339; absent for a gap. */
  readonly firstTime?: string
  readonly lastTime?: string
  /** Of the object's bytes. */
  readonly sha256: string
  /** Of the first message: tells an own object from another log's. */
  readonly firstSha256: string
  readonly members: readonly Member[]
}

export interface NewObject {
  readonly bytes: Buffer
  readonly metadata: Readonly<Record<string, string>>
}

const format = '1'

/** The object for records from `base` up to `next`; at least one record. */
export function messagesObject(records: readonly LogRecord[], base: number, next: number, writer: string): NewObject {
  const { bytes, members } = packFrames(records)
  const [first] = records
  const last = records.at(-1)
  if (first === undefined || last === undefined) throw new Error('an object of no messages')
  return {
    bytes,
    metadata: {
      kind: 'messages',
      format,
      codec: 'zstd',
      base: String(base),
      next: String(next),
      count: String(records.length),
      first: new Date(first.timeMs).toISOString(),
      last: new Date(last.timeMs).toISOString(),
      sha256: hash('sha256', bytes),
      firstsha256: sha256Of(first),
      members: formatMembers(members),
      writer,
    },
  }
}

export function gapObject(base: number, next: number, writer: string): NewObject {
  const bytes = Buffer.from(
    `${JSON.stringify({ gap: { from: base, to: next }, why: 'the log did not keep these offsets until they were archived' })}\n`,
  )
  return {
    bytes,
    metadata: {
      kind: 'gap',
      format,
      base: String(base),
      next: String(next),
      count: '0',
      sha256: hash('sha256', bytes),
      firstsha256: '',
      members: '',
      writer,
    },
  }
}

/** The link an object is; null when it is none, or not there. */
export async function readLink(archive: Archive, key: string): Promise<ChainLink | null> {
  const head = await archive.head(key)
  if (head === null) return null
  const { kind, base, next, count, first, last, sha256, firstsha256, members } = head.metadata
  if ((kind !== 'messages' && kind !== 'gap') || sha256 === undefined || !(Number(next) > Number(base))) return null
  return {
    kind,
    base: Number(base),
    next: Number(next),
    count: Number(count),
    ...(first === undefined ? {} : { firstTime: first }),
    ...(last === undefined ? {} : { lastTime: last }),
    sha256,
    firstSha256: firstsha256 ?? '',
    members: parseMembers(members ?? ''),
  }
}
