import { hash } from 'node:crypto'
import type { LogRecord } from '@dateline/ports'

/**
 * A frame is one message: a line of JSON, the raw bytes, a line feed.
 *
 *     {"topic":"wire.anp","partition":0,"offset":41,"timeMs":1764000000000,"key":"YW5w","headers":[["feed","YW5w"]],"sha256":"…","length":5120}
 *     …5120 bytes…
 *
 * Key and header values are base64, because they are bytes; headers keep their order and may repeat. A tombstone has
 * `"length":null` and no bytes. The order of the fields is fixed, so the same message is the same frame for ever.
 */
interface FrameHeader {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timeMs: number
  readonly key: string | null
  readonly headers: readonly (readonly [string, string])[]
  readonly sha256: string | null
  readonly length: number | null
}

const LINE_FEED = 0x0a

/** Hex sha256 of a message's bytes; null of a tombstone. */
export const sha256Of = (value: Uint8Array | null): string | null => (value === null ? null : hash('sha256', value))

export function encodeFrame(record: LogRecord): Buffer {
  const { topic, partition, offset, timeMs, key, value } = record
  const header: FrameHeader = {
    topic,
    partition,
    offset,
    timeMs,
    key: key === null ? null : key.toString('base64'),
    headers: record.headers.map(([name, bytes]) => [name, bytes.toString('base64')]),
    sha256: sha256Of(value),
    length: value === null ? null : value.length,
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), value ?? Buffer.alloc(0), Buffer.from('\n')])
}

/** The messages of some whole frames, each checked against its sha256. `fault` says where reading ended early; null: all was read. */
export interface DecodedFrames {
  readonly records: readonly LogRecord[]
  readonly fault: string | null
}

/** Never throws, whatever the bytes. Values are views of `bytes`. */
export function decodeFrames(bytes: Buffer): DecodedFrames {
  const records: LogRecord[] = []
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, at)
    if (lineEnd === -1) return { records, fault: `a frame header at byte ${at} has no end` }
    const header = readHeader(bytes.toString('utf8', at, lineEnd))
    if (header === null) return { records, fault: `the frame header at byte ${at} is not one` }
    const start = lineEnd + 1
    const end = start + (header.length ?? 0)
    if (end >= bytes.length || bytes[end] !== LINE_FEED)
      return { records, fault: `the message at offset ${header.offset} is cut or has another length` }
    const value = header.length === null ? null : bytes.subarray(start, end)
    if (sha256Of(value) !== header.sha256)
      return { records, fault: `the message at offset ${header.offset} does not have its sha256` }
    records.push(recordOf(header, value))
    at = end + 1
  }
  return { records, fault: null }
}

const recordOf = (header: FrameHeader, value: Buffer | null): LogRecord => ({
  topic: header.topic,
  partition: header.partition,
  offset: header.offset,
  timeMs: header.timeMs,
  key: header.key === null ? null : Buffer.from(header.key, 'base64'),
  value,
  headers: header.headers.map(([name, text]) => [name, Buffer.from(text, 'base64')] as const),
})

function readHeader(line: string): FrameHeader | null {
  let header: unknown
  try {
    header = JSON.parse(line)
  } catch {
    return null
  }
  return isHeader(header) ? header : null
}

function isHeader(value: unknown): value is FrameHeader {
  if (typeof value !== 'object' || value === null) return false
  const { topic, partition, offset, timeMs, key, headers, sha256, length } = value as Record<string, unknown>
  return (
    typeof topic === 'string' &&
    isCount(partition) &&
    isCount(offset) &&
    Number.isSafeInteger(timeMs) &&
    (key === null || typeof key === 'string') &&
    Array.isArray(headers) &&
    headers.every(isPair) &&
    (sha256 === null || typeof sha256 === 'string') &&
    (length === null || isCount(length))
  )
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const isPair = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
