import { hash } from 'node:crypto'
import type { LogRecord } from '@dateline/ports'
import { decodeFrames, encodeFrame } from './frames.ts'
import { packMember, unpackMember } from './members.ts'
import { type MemberPlace, MOST_MEMBERS, type ObjectMetadata } from './object-metadata.ts'

export interface FinishedObject {
  readonly bytes: Buffer
  readonly metadata: ObjectMetadata
}

/** An object in the making. */
export interface ObjectBuilder {
  readonly base: number
  count(): number
  /** Bytes of the messages themselves. */
  rawBytes(): number
  /** Memory it holds: packed members, and the frames of the member not packed yet. */
  heldBytes(): number
  memberCount(): number
  hasAllItsMembers(): boolean
  append(record: LogRecord): Promise<void>
  /** The object up to `next`. Changes nothing: more may be appended afterwards, and it may be finished again. */
  finish(next: number, writer: string): Promise<FinishedObject>
  /** Its messages from an offset on. */
  recordsFrom(offset: number): Promise<readonly LogRecord[]>
}

interface Member {
  readonly firstOffset: number
  readonly bytes: Buffer
}

export function createObjectBuilder(
  base: number,
  options: { readonly memberBytes: number; readonly level: number },
): ObjectBuilder {
  const members: Member[] = []
  let open: Buffer[] = []
  let openOffset = base
  let openBytes = 0
  let packedBytes = 0
  let messages = 0
  let raw = 0
  let firstTimeMs: number | null = null
  let lastTimeMs: number | null = null

  return {
    base,
    count: () => messages,
    rawBytes: () => raw,
    heldBytes: () => packedBytes + openBytes,
    memberCount: () => members.length + (openBytes > 0 ? 1 : 0),
    hasAllItsMembers: () => members.length + 1 >= MOST_MEMBERS,

    async append(record) {
      const frame = encodeFrame(record)
      if (openBytes > 0 && openBytes + frame.length > options.memberBytes) await pack()
      if (openBytes === 0) openOffset = record.offset
      open.push(frame)
      openBytes += frame.length
      messages += 1
      raw += record.value?.length ?? 0
      firstTimeMs ??= record.timeMs
      lastTimeMs = record.timeMs
      // A message that fills a member stays alone in it.
      if (openBytes >= options.memberBytes) await pack()
    },

    async finish(next, writer) {
      const all = [...members]
      if (openBytes > 0)
        all.push({ firstOffset: openOffset, bytes: await packMember(Buffer.concat(open), options.level) })
      const bytes = Buffer.concat(all.map((member) => member.bytes))
      const metadata: ObjectMetadata = {
        kind: 'messages',
        base,
        next,
        count: messages,
        sha256: hash('sha256', bytes),
        writer,
        firstTimeMs,
        lastTimeMs,
        members: places(all),
      }
      return { bytes, metadata }
    },

    async recordsFrom(offset) {
      const unpacked = await Promise.all(members.map((member) => unpackMember(member.bytes)))
      const frames = Buffer.concat([...unpacked.filter((bytes) => bytes !== null), ...open])
      return decodeFrames(frames).records.filter((record) => record.offset >= offset)
    },
  }

  async function pack(): Promise<void> {
    const bytes = await packMember(Buffer.concat(open, openBytes), options.level)
    members.push({ firstOffset: openOffset, bytes })
    packedBytes += bytes.length
    open = []
    openBytes = 0
  }
}

function places(members: readonly Member[]): readonly MemberPlace[] {
  let start = 0
  return members.map(({ firstOffset, bytes }) => {
    const place = { firstOffset, start, length: bytes.length }
    start += bytes.length
    return place
  })
}
