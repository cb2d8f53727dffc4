/** Java's framing around snappy blocks (xerial), which Kafka's own client writes; others write one bare block. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEADER_BYTES = 16

/** Opens snappy as Kafka batches carry it (github.com/google/snappy, format_description.txt). Throws a RangeError on damaged bytes. */
export function snappyDecompress(bytes: Buffer, maxBytes: number): Buffer {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return openBlock(bytes, maxBytes)
  const blocks: Buffer[] = []
  let left = maxBytes
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readInt32BE(at)
    if (length < 0 || at + 4 + length > bytes.length) throw damaged('a block is cut off')
    const block = openBlock(bytes.subarray(at + 4, at + 4 + length), left)
    left -= block.length
    blocks.push(block)
    at += 4 + length
  }
  return Buffer.concat(blocks)
}

function openBlock(block: Buffer, maxBytes: number): Buffer {
  let at = 0
  const next = (): number => {
    const byte = block[at++]
    if (byte === undefined) throw damaged('it ends too early')
    return byte
  }
  const number = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++) value += next() * 256 ** i
    return value
  }

  let length = 0
  for (let factor = 1; ; factor *= 0x80) {
    const byte = next()
    length += (byte & 0x7f) * factor
    if (byte < 0x80) break
    if (factor > 0x200_0000) throw damaged('its length is not a number')
  }
  if (length > maxBytes) throw damaged(`it would open to ${length} bytes`)

  const out = Buffer.allocUnsafe(length)
  let end = 0
  while (at < block.length) {
    const tag = next()
    const kind = tag & 0x03
    if (kind === 0) {
      const short = tag >>> 2
      const count = (short < 60 ? short : number(short - 59)) + 1
      if (at + count > block.length || end + count > length) throw damaged('a literal does not fit')
      block.copy(out, end, at, at + count)
      at += count
      end += count
      continue
    }
    const count = kind === 1 ? ((tag >>> 2) & 0x07) + 4 : (tag >>> 2) + 1
    const back = kind === 1 ? ((tag & 0xe0) << 3) | next() : number(kind === 2 ? 2 : 4)
    if (back === 0 || back > end || end + count > length) throw damaged('a copy does not fit')
    // Byte by byte: a copy may reach into what it writes.
    for (let i = 0; i < count; i++, end++) out[end] = out[end - back] as number
  }
  if (end !== length) throw damaged('it is shorter than it says')
  return out
}

const damaged = (what: string): RangeError => new RangeError(`snappy: ${what}`)
