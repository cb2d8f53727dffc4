/** Reads Kafka's protocol types one after the other. Reading past the end throws a RangeError, which a truncated answer deserves. */
export interface ByteReader {
  readonly bytes: Buffer
  at: number
}

export const readerOf = (bytes: Buffer): ByteReader => ({ bytes, at: 0 })

export function int8(from: ByteReader): number {
  return from.bytes.readInt8(from.at++)
}

export function int16(from: ByteReader): number {
  from.at += 2
  return from.bytes.readInt16BE(from.at - 2)
}

export function int32(from: ByteReader): number {
  from.at += 4
  return from.bytes.readInt32BE(from.at - 4)
}

/** As a number: offsets and times stay far below 2^53. */
export function int64(from: ByteReader): number {
  from.at += 8
  return from.bytes.readInt32BE(from.at - 8) * 0x1_0000_0000 + from.bytes.readUInt32BE(from.at - 4)
}

export function text(from: ByteReader): string {
  const length = int16(from)
  from.at += Math.max(0, length)
  return length < 0 ? '' : from.bytes.toString('utf8', from.at - length, from.at)
}

/** Zigzag, at most five bytes. */
export function varInt(from: ByteReader): number {
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = from.bytes[from.at++]
    if (byte === undefined) throw new RangeError('The record ends in the middle of a number')
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
  }
  throw new RangeError('A number in the record is longer than five bytes')
}

/** Zigzag, at most ten bytes; exact below 2^53. */
export function varLong(from: ByteReader): number {
  let value = 0
  let factor = 1
  for (let count = 0; count < 10; count++) {
    const byte = from.bytes[from.at++]
    if (byte === undefined) throw new RangeError('The record ends in the middle of a number')
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    factor *= 0x80
  }
  throw new RangeError('A number in the record is longer than ten bytes')
}

/** A view, not a copy; null for the length -1. */
export function varBytes(from: ByteReader): Buffer | null {
  const length = varInt(from)
  if (length < 0) return null
  if (from.at + length > from.bytes.length) throw new RangeError('The record ends in the middle of its bytes')
  from.at += length
  return from.bytes.subarray(from.at - length, from.at)
}
