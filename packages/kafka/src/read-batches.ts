import { EngineRefusal, type LogRecord } from '@dateline/ports'
import { int8, int16, int32, int64, readerOf, varBytes, varInt, varLong } from './byte-reader.ts'
import { decompress } from './codecs.ts'
import { BATCH_HEADER_BYTES, LENGTH_PREFIX_BYTES } from './record-batch.ts'

export interface ReadBatches {
  readonly records: readonly LogRecord[]
  /** Past the last whole batch, whatever in it was readable; null when there was no whole batch. */
  readonly next: number | null
}

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

const LOG_APPEND_TIME = 0x08
const IN_TRANSACTION = 0x10
const IS_CONTROL = 0x20

/**
 * The records of a fetched stretch of one partition, from `from` on. Control records and records of aborted transactions are passed
 * over. The bytes are views into `bytes`: whoever keeps one for long keeps the whole stretch, unless he copies it.
 */
export function readBatches(
  topic: string,
  partition: number,
  bytes: Buffer,
  options: { readonly from: number; readonly aborted?: readonly AbortedTransaction[] },
): ReadBatches {
  const records: LogRecord[] = []
  const aborted = (options.aborted ?? []).toSorted((a, b) => a.firstOffset - b.firstOffset)
  const abortedNow = new Set<bigint>()
  let next: number | null = null
  // The last batch may be cut off anywhere.
  for (let start = 0; start + BATCH_HEADER_BYTES <= bytes.length; ) {
    const end = start + LENGTH_PREFIX_BYTES + bytes.readInt32BE(start + 8)
    if (end > bytes.length) break
    const header = readHeader(bytes.subarray(start, end))
    const where = `${topic}/${partition} at offset ${header.baseOffset}`
    if (header.magic !== 2) throw unreadable(where, `is in message format ${header.magic}, which Kafka 4 no longer has`)
    while (aborted[0] !== undefined && aborted[0].firstOffset <= header.lastOffset) {
      abortedNow.add(aborted[0].producerId)
      aborted.shift()
    }
    if (header.isControl) abortedNow.delete(header.producerId)
    else if (!(header.inTransaction && abortedNow.has(header.producerId))) {
      readRecords({ topic, partition, header, from: options.from, into: records, where })
    }
    next = header.lastOffset + 1
    start = end
  }
  return { records, next }
}

interface BatchHeader {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly magic: number
  readonly codec: number
  readonly isControl: boolean
  readonly inTransaction: boolean
  readonly producerId: bigint
  readonly baseTimeMs: number
  /** The time of every record when the log sets the time. */
  readonly appendTimeMs: number | null
  readonly count: number
  readonly body: Buffer
}

function readHeader(batch: Buffer): BatchHeader {
  const from = readerOf(batch)
  const baseOffset = int64(from)
  from.at = 16
  const magic = int8(from)
  from.at = 21
  const attributes = int16(from)
  const lastOffset = baseOffset + int32(from)
  const baseTimeMs = int64(from)
  const maxTimeMs = int64(from)
  return {
    baseOffset,
    lastOffset,
    magic,
    codec: attributes & 0x07,
    isControl: (attributes & IS_CONTROL) !== 0,
    inTransaction: (attributes & IN_TRANSACTION) !== 0,
    producerId: batch.readBigInt64BE(43),
    baseTimeMs,
    appendTimeMs: (attributes & LOG_APPEND_TIME) !== 0 ? maxTimeMs : null,
    count: batch.readInt32BE(57),
    body: batch.subarray(BATCH_HEADER_BYTES),
  }
}

interface Reading {
  readonly topic: string
  readonly partition: number
  readonly header: BatchHeader
  readonly from: number
  readonly into: LogRecord[]
  readonly where: string
}

function readRecords({ topic, partition, header, from: first, into, where }: Reading): void {
  const from = readerOf(header.codec === 0 ? header.body : decompressed(header, where))
  try {
    for (let count = 0; count < header.count; count++) {
      const end = varInt(from) + from.at
      from.at += 1
      const timeDelta = varLong(from)
      const offset = header.baseOffset + varInt(from)
      if (offset >= first) {
        const key = varBytes(from)
        const value = varBytes(from)
        const headers: (readonly [string, Buffer])[] = []
        for (let left = varInt(from); left > 0; left--) {
          const name = varBytes(from)
          headers.push([name === null ? '' : name.toString(), varBytes(from) ?? NO_BYTES])
        }
        const timeMs = header.appendTimeMs ?? header.baseTimeMs + timeDelta
        into.push({ topic, partition, offset, timeMs, key, value, headers })
      }
      from.at = end
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw unreadable(where, `does not hold whole records (${error.message})`, error)
  }
}

const NO_BYTES = Buffer.alloc(0)

function decompressed(header: BatchHeader, where: string): Buffer {
  const result = decompress(header.codec, header.body)
  if (result.ok) return result.bytes
  throw unreadable(where, result.problem)
}

const unreadable = (where: string, problem: string, cause?: unknown): EngineRefusal =>
  new EngineRefusal(
    'log',
    `The batch in ${where} ${problem}. Move the group past it, or have its sender write it again in a form that can be read.`,
    { cause },
  )
