import { describe, expect, test } from 'vitest'
import { decompress } from './codecs.ts'
import { lz4Decompress } from './lz4.ts'
import { snappyDecompress } from './snappy.ts'

const LIMIT = 100_000
const text = (value: string): number[] => [...Buffer.from(value)]

describe('snappy', () => {
  // "wire wire wire!": a literal of 5, a copy of 9 from 5 back (it reaches into itself), a literal of 1.
  const block = Buffer.from([15, (5 - 1) << 2, ...text('wire '), ((9 - 4) << 2) | 1, 5, 0, ...text('!')])

  test('opens literals and copies', () => {
    expect(snappyDecompress(block, LIMIT).toString()).toBe('wire wire wire!')
  })

  test('opens long literals and copies from far', () => {
    const long = Buffer.alloc(300, 'x')
    const bytes = Buffer.from([0xb0, 0x02, 61 << 2, 43, 1, ...long, ((4 - 1) << 2) | 2, 44, 1])
    expect(snappyDecompress(bytes, LIMIT).toString()).toBe('x'.repeat(304))
  })

  test("opens Java's framing", () => {
    const size = Buffer.alloc(4)
    size.writeInt32BE(block.length)
    const header = Buffer.from([0x82, ...text('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(snappyDecompress(Buffer.concat([header, size, block, size, block]), LIMIT).toString()).toBe(
      'wire wire wire!wire wire wire!',
    )
  })
})

describe('lz4', () => {
  // The same text: 5 literals and a copy of 9, then the last literals alone.
  const block = [(5 << 4) | (9 - 4), ...text('wire '), 5, 0, 1 << 4, ...text('!')]
  const frame = (flags: number, ...blocks: number[][]): Buffer =>
    Buffer.from([
      0x04,
      0x22,
      0x4d,
      0x18,
      flags,
      0x40,
      0,
      ...blocks.flatMap((one) => [one.length, 0, 0, 0, ...one]),
      0,
      0,
      0,
      0,
    ])

  test('opens literals and copies', () => {
    expect(lz4Decompress(frame(0x60, block), LIMIT).toString()).toBe('wire wire wire!')
  })

  test('opens blocks that reach back into earlier ones', () => {
    const linked = [(0 << 4) | (4 - 4), 15, 0, 0]
    expect(lz4Decompress(frame(0x40, block, linked), LIMIT).toString()).toBe('wire wire wire!wire')
  })

  test('opens blocks that are not compressed', () => {
    const raw = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, 4, 0, 0, 0x80, ...text('wire'), 0, 0, 0, 0])
    expect(lz4Decompress(raw, LIMIT).toString()).toBe('wire')
  })

  test('grows as far as it must', () => {
    const many = Array.from({ length: 2_000 }, () => block)
    expect(lz4Decompress(frame(0x60, ...many), LIMIT).length).toBe(30_000)
  })
})

describe('damaged bytes', () => {
  let seed = 1
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed
  }
  const junk = (): Buffer => Buffer.from(Array.from({ length: random() % 200 }, () => random() & 0xff))

  test.each([1, 2, 3, 4])('of codec %i end in a value, never in an exception or a hang', (codec) => {
    const starts = [
      Buffer.alloc(0),
      Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0]),
      Buffer.from([0x82, ...text('SNAPPY'), 0]),
    ]
    for (let round = 0; round < 3_000; round++) {
      const bytes = Buffer.concat([starts[round % starts.length] ?? Buffer.alloc(0), junk()])
      expect(typeof decompress(codec, bytes).ok).toBe('boolean')
    }
  })

  test('that say they would open to gigabytes are refused', () => {
    expect(decompress(2, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]))).toMatchObject({ ok: false })
  })
})
