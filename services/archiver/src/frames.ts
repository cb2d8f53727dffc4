import { hash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { LogRecord } from '@dateline/ports'

/** The line before the raw bytes of a message: all that is needed to put the record back byte for byte. */
interface FrameHeader {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timeMs: number
  /** base64; null for no key. */
  readonly key: string | null
  /** In order, names may repeat; values in base64. */
  readonly headers: readonly (readonly [string, string])[]
  readonly sha256: string
  /** Bytes that follow the line; null for a tombstone. */
  readonly length: number | null
}

/** A compressed part of an object that can be read by itself. */
export interface Member {
  readonly firstOffset: number
  readonly start: number
  readonly length: number
}

export interface PackedFrames {
  readonly bytes: Buffer
  readonly members: readonly Member[]
}

const memberBytes = 1_048_576
/** So that the list of members fits into an object's metadata. */
const mostMembers = 40

export const sha256Of = (record: Pick<LogRecord, 'value'>): string => hash('sha256', record.value ?? Buffer.alloc(0))

/** Records as frames, in zstd members of about 1 MB before compression; a larger message is a member alone. */
export function packFrames(records: readonly LogRecord[]): PackedFrames {
  const total = records.reduce((sum, record) => sum + (record.value?.byteLength ?? 0), 0)
  const limit = Math.max(memberBytes, Math.ceil((2 * total) / mostMembers))
  const parts: Buffer[] = []
  const members: Member[] = []
  let start = 0
  let open: { firstOffset: number; frames: Buffer[]; bytes: number } | null = null
  for (const record of records) {
    const frame = encodeFrame(record)
    if (open !== null && open.bytes + frame.byteLength > limit) close()
    open ??= { firstOffset: record.offset, frames: [], bytes: 0 }
    open.frames.push(frame)
    open.bytes += frame.byteLength
  }
  close()
  return { bytes: Buffer.concat(parts), members }

  function close(): void {
    if (open === null) return
    const packed = zstdCompressSync(Buffer.concat(open.frames))
    parts.push(packed)
    members.push({ firstOffset: open.firstOffset, start, length: packed.byteLength })
    start += packed.byteLength
    open = null
  }
}

/** The records of one member. Throws when the bytes are damaged or a checksum does not agree. */
export function unpackMember(bytes: Uint8Array): readonly LogRecord[] {
  const frames = zstdDecompressSync(bytes)
  const records: LogRecord[] = []
  let at = 0
  while (at < frames.byteLength) {
    const end = frames.indexOf(10, at)
    if (end < 0) throw new Error('a frame has no header line')
    const header = JSON.parse(frames.toString('utf8', at, end)) as FrameHeader
    const length = header.length ?? 0
    if (end + 1 + length > frames.byteLength) throw new Error(`the frame of offset ${header.offset} is cut`)
    const value = header.length === null ? null : frames.subarray(end + 1, end + 1 + length)
    if (hash('sha256', value ?? Buffer.alloc(0)) !== header.sha256)
      throw new Error(`the checksum of offset ${header.offset} does not agree`)
    records.push({
      topic: header.topic,
      partition: header.partition,
      offset: header.offset,
      timeMs: header.timeMs,
      key: header.key === null ? null : Buffer.from(header.key, 'base64'),
      value,
      headers: header.headers.map(([name, text]) => [name, Buffer.from(text, 'base64')] as const),
    })
    at = end + 1 + length
  }
  return records
}

/** `<first offset>:<length>` in base 36, joined by commas; the starts follow from the lengths. */
export const formatMembers = (members: readonly Member[]): string =>
  members.map((member) => `${member.firstOffset.toString(36)}:${member.length.toString(36)}`).join(',')

export function parseMembers(text: string): readonly Member[] {
  let start = 0
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [firstOffset = '', length = ''] = part.split(':')
      const member = { firstOffset: Number.parseInt(firstOffset, 36), start, length: Number.parseInt(length, 36) }
      start += member.length
      return member
    })
}

function encodeFrame(record: LogRecord): Buffer {
  const header: FrameHeader = {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timeMs: record.timeMs,
    key: record.key?.toString('base64') ?? null,
    headers: record.headers.map(([name, value]) => [name, value.toString('base64')] as const),
    sha256: sha256Of(record),
    length: record.value?.byteLength ?? null,
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), record.value ?? Buffer.alloc(0)])
}
