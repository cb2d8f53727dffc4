const MAGIC = 0x184d2204
const IS_RAW_BLOCK = 0x8000_0000

/** Opens an LZ4 frame (lz4 frame format 1.6.x), the form Kafka batches carry. Checksums are not verified. Throws a RangeError on damaged bytes. */
export function lz4Decompress(frame: Buffer, maxBytes: number): Buffer {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw damaged('it does not start as a frame')
  const flags = frame[4] as number
  const hasBlockChecksum = (flags & 0x10) !== 0
  const hasContentSize = (flags & 0x08) !== 0
  const hasDictionary = (flags & 0x01) !== 0
  let at = 7 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0)

  let out = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(65_536, frame.length * 4)))
  let end = 0
  const room = (count: number): void => {
    if (end + count <= out.length) return
    if (end + count > maxBytes) throw damaged(`it would open to more than ${maxBytes} bytes`)
    const larger = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(end + count, out.length * 2)))
    out.copy(larger, 0, 0, end)
    out = larger
  }

  while (true) {
    if (at + 4 > frame.length) throw damaged('it ends without an end mark')
    const size = frame.readUInt32LE(at)
    at += 4
    if (size === 0) return out.subarray(0, end)
    const length = size & ~IS_RAW_BLOCK
    if (length < 0 || at + length > frame.length) throw damaged('a block is cut off')
    const block = frame.subarray(at, at + length)
    if (size >= IS_RAW_BLOCK) {
      room(length)
      block.copy(out, end)
      end += length
    } else openBlock(block)
    at += length + (hasBlockChecksum ? 4 : 0)
  }

  /** Copies may reach back into earlier blocks: blocks can be linked. */
  function openBlock(block: Buffer): void {
    let from = 0
    const more = (short: number): number => {
      if (short < 15) return short
      let count = short
      for (;;) {
        const byte = block[from++]
        if (byte === undefined) throw damaged('a length is cut off')
        count += byte
        if (byte !== 255) return count
      }
    }
    while (from < block.length) {
      const token = block[from++] as number
      const literals = more(token >>> 4)
      if (from + literals > block.length) throw damaged('a literal does not fit')
      room(literals)
      block.copy(out, end, from, from + literals)
      from += literals
      end += literals
      if (from === block.length) return
      if (from + 2 > block.length) throw damaged('an offset is cut off')
      const back = block.readUInt16LE(from)
      from += 2
      const count = more(token & 0x0f) + 4
      if (back === 0 || back > end) throw damaged('a copy reaches too far back')
      room(count)
      for (let i = 0; i < count; i++, end++) out[end] = out[end - back] as number
    }
  }
}

const damaged = (what: string): RangeError => new RangeError(`lz4: ${what}`)
