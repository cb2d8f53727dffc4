import type { Header } from '@dateline/ports'
import { crc32c } from './crc32c.ts'

/** A record ready to be written: text has its length in bytes beside it, so that a batch is written once, into a buffer of the right size. */
export interface SizedRecord {
  readonly key: Uint8Array | string | null
  readonly keyBytes: number
  readonly value: Uint8Array | string | null
  readonly valueBytes: number
  readonly headers: readonly SizedHeader[]
  /** Of the record alone in a batch, as the topic's max.message.bytes counts it. */
  readonly aloneBytes: number
}

interface SizedHeader {
  readonly name: string
  readonly nameBytes: number
  readonly value: Uint8Array | string
  readonly valueBytes: number
}

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly epoch: number
}

/** Record batch, magic 2 (https://kafka.apache.org/documentation/#recordbatch): everything before the records. */
export const BATCH_HEADER_BYTES = 61
/** Base offset and length come before what the length counts. */
export const LENGTH_PREFIX_BYTES = 12

/** An upper bound of what one more record adds to a batch. */
export const bytesInBatch = (record: SizedRecord): number => record.aloneBytes - BATCH_HEADER_BYTES + 4

export function sized(record: {
  readonly key: Uint8Array | string | null
  readonly value: Uint8Array | string | null
  readonly headers?: readonly Header[]
}): SizedRecord {
  const keyBytes = lengthOf(record.key)
  const valueBytes = lengthOf(record.value)
  const headers = (record.headers ?? []).map(([name, value]) => ({
    name,
    nameBytes: Buffer.byteLength(name),
    value,
    valueBytes: lengthOf(value),
  }))
  const unsized = { key: record.key, keyBytes, value: record.value, valueBytes, headers }
  const body = bodyBytes(unsized, 0)
  return { ...unsized, aloneBytes: BATCH_HEADER_BYTES + varIntBytes(body) + body }
}

export function batchBytes(records: readonly SizedRecord[]): number {
  let bytes = BATCH_HEADER_BYTES
  for (let at = 0; at < records.length; at++) {
    const body = bodyBytes(records[at] as SizedRecord, at)
    bytes += varIntBytes(body) + body
  }
  return bytes
}

/** Writes the batch at `start` of a buffer that has `batchBytes(records)` bytes left there; answers where it ends. */
export function writeBatch(
  into: Buffer,
  start: number,
  records: readonly SizedRecord[],
  by: ProducerIdentity & { readonly sequence: number; readonly nowMs: number },
): number {
  let at = start + BATCH_HEADER_BYTES
  for (let delta = 0; delta < records.length; delta++) at = writeRecord(into, at, records[delta] as SizedRecord, delta)
  into.fill(0, start, start + 8)
  into.writeInt32BE(at - start - LENGTH_PREFIX_BYTES, start + 8)
  into.writeInt32BE(-1, start + 12)
  into.writeInt8(2, start + 16)
  into.writeInt16BE(0, start + 21)
  into.writeInt32BE(records.length - 1, start + 23)
  // The log sets its own time (LogAppendTime); this one only has to be plausible.
  const now = BigInt(by.nowMs)
  into.writeBigInt64BE(now, start + 27)
  into.writeBigInt64BE(now, start + 35)
  into.writeBigInt64BE(by.producerId, start + 43)
  into.writeInt16BE(by.epoch, start + 51)
  into.writeInt32BE(by.sequence, start + 53)
  into.writeInt32BE(records.length, start + 57)
  into.writeUInt32BE(crc32c(into.subarray(start + 21, at)), start + 17)
  return at
}

function writeRecord(into: Buffer, start: number, record: SizedRecord, delta: number): number {
  let at = writeVarInt(into, start, bodyBytes(record, delta))
  into[at++] = 0
  into[at++] = 0
  at = writeVarInt(into, at, delta)
  at = writeBytes(into, at, record.key, record.keyBytes)
  at = writeBytes(into, at, record.value, record.valueBytes)
  at = writeVarInt(into, at, record.headers.length)
  for (const header of record.headers) {
    at = writeBytes(into, at, header.name, header.nameBytes)
    at = writeBytes(into, at, header.value, header.valueBytes)
  }
  return at
}

function writeBytes(into: Buffer, start: number, bytes: Uint8Array | string | null, length: number): number {
  if (bytes === null) return writeVarInt(into, start, -1)
  const at = writeVarInt(into, start, length)
  if (typeof bytes === 'string') into.write(bytes, at, length)
  else into.set(bytes, at)
  return at + length
}

function writeVarInt(into: Buffer, start: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  let at = start
  while (rest > 0x7f) {
    into[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  into[at++] = rest
  return at
}

function varIntBytes(value: number): number {
  const rest = ((value << 1) ^ (value >> 31)) >>> 0
  if (rest < 0x80) return 1
  if (rest < 0x4000) return 2
  if (rest < 0x200000) return 3
  return rest < 0x10000000 ? 4 : 5
}

/** Attributes, timestamp delta 0, offset delta, key, value, headers. */
function bodyBytes(record: Omit<SizedRecord, 'aloneBytes'>, delta: number): number {
  let bytes = 2 + varIntBytes(delta) + varIntBytes(record.headers.length)
  bytes += record.key === null ? 1 : varIntBytes(record.keyBytes) + record.keyBytes
  bytes += record.value === null ? 1 : varIntBytes(record.valueBytes) + record.valueBytes
  for (const { nameBytes, valueBytes } of record.headers) {
    bytes += varIntBytes(nameBytes) + nameBytes + varIntBytes(valueBytes) + valueBytes
  }
  return bytes
}

const lengthOf = (bytes: Uint8Array | string | null): number => {
  if (bytes === null) return 0
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
}
