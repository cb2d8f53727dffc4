import type { AppendRecord, Header } from '@dateline/ports'

/** Records laid end to end in one piece of memory, which moves to the writer's thread without being copied. */
export interface PackedRecords {
  readonly topics: readonly string[]
  /** Five numbers a record: index into `topics`, partition or -1, bytes of key or -1, bytes of headers, bytes of value or -1. */
  readonly layout: Int32Array<ArrayBuffer>
  /** Key, headers and value of each record, in that order. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export const numbersPerRecord = 5

export function packRecords(records: readonly AppendRecord[]): PackedRecords {
  const topics: string[] = []
  const topicAt = new Map<string, number>()
  const layout = new Int32Array(records.length * numbersPerRecord)
  let total = 0
  records.forEach((record, index) => {
    let topic = topicAt.get(record.topic)
    if (topic === undefined) {
      topic = topics.push(record.topic) - 1
      topicAt.set(record.topic, topic)
    }
    const sizes = [sizeOf(record.key), headerBytes(record.headers), sizeOf(record.value)] as const
    layout.set([topic, record.partition ?? -1, ...sizes], index * numbersPerRecord)
    total += Math.max(0, sizes[0]) + sizes[1] + Math.max(0, sizes[2])
  })
  const bytes = Buffer.allocUnsafeSlow(total)
  let at = 0
  for (const record of records) {
    at = write(bytes, at, record.key)
    for (const [name, value] of record.headers ?? []) {
      at = bytes.writeUInt32LE(Buffer.byteLength(name), at)
      at = bytes.writeUInt32LE(sizeOf(value), at)
      at = write(bytes, write(bytes, at, name), value)
    }
    at = write(bytes, at, record.value)
  }
  return { topics, layout, bytes }
}

/** Headers as they lie in the file, read back. */
export function unpackHeaders(packed: Uint8Array | null): (readonly [name: string, value: Buffer])[] {
  if (packed === null || packed.length === 0) return []
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length)
  const headers: (readonly [string, Buffer])[] = []
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 8 + bytes.readUInt32LE(at)
    const valueEnd = nameEnd + bytes.readUInt32LE(at + 4)
    headers.push([bytes.toString('utf8', at + 8, nameEnd), bytes.subarray(nameEnd, valueEnd)])
    at = valueEnd
  }
  return headers
}

const sizeOf = (part: Uint8Array | string | null): number =>
  part === null ? -1 : typeof part === 'string' ? Buffer.byteLength(part) : part.length

const headerBytes = (headers: readonly Header[] | undefined): number =>
  headers === undefined
    ? 0
    : headers.reduce((sum, [name, value]) => sum + 8 + Buffer.byteLength(name) + sizeOf(value), 0)

function write(bytes: Buffer, at: number, part: Uint8Array | string | null): number {
  if (part === null) return at
  if (typeof part === 'string') return at + bytes.write(part, at)
  bytes.set(part, at)
  return at + part.length
}
