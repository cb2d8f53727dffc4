/** Kafka's protocol types as bytes, for answers that a test makes up. */
export const int8 = (value: number): Buffer => Buffer.from(Int8Array.of(value).buffer)

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export const string = (value: string | null): Buffer =>
  value === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])

export const bytes = (value: Buffer): Buffer => Buffer.concat([int32(value.length), value])

export const array = (items: readonly (readonly Buffer[])[]): Buffer =>
  Buffer.concat([int32(items.length), ...items.flat()])
