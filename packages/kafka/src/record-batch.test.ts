import { gzipSync, zstdCompressSync } from 'node:zlib'
import { EngineRefusal, type Header } from '@dateline/ports'
import { describe, expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { readBatches } from './read-batches.ts'
import { BATCH_HEADER_BYTES, batchBytes, sized, writeBatch } from './record-batch.ts'

interface Content {
  readonly key: Uint8Array | string | null
  readonly value: Uint8Array | string | null
  readonly headers?: readonly Header[]
}

const by = { producerId: 7n, epoch: 0, sequence: 3, nowMs: 1_763_000_000_000 }

function written(contents: readonly Content[], baseOffset = 0): Buffer {
  const records = contents.map(sized)
  const bytes = Buffer.alloc(batchBytes(records), 0xee)
  expect(writeBatch(bytes, 0, records, by)).toBe(bytes.length)
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  return bytes
}

const read = (bytes: Buffer, from = 0) => readBatches('t', 0, bytes, { from })

const CONTENTS: readonly Content[] = [
  { key: 'k', value: 'v' },
  { key: null, value: null },
  { key: '', value: '' },
  {
    key: 'sleutel-ë',
    value: 'Oekraïne – “наступ” 🗞',
    headers: [
      ['kop-ë', 'waarde-é'],
      ['hop', 'a'],
      ['hop', Uint8Array.of(0, 255)],
    ],
  },
  { key: Buffer.alloc(200, 1), value: Buffer.alloc(70_000, 2), headers: [['leeg', '']] },
]

test('what is written is read again, byte for byte', () => {
  const { records, next } = read(written(CONTENTS, 40))
  expect(records.map((record) => record.offset)).toEqual([40, 41, 42, 43, 44])
  expect(next).toBe(45)
  for (const [at, { key, value, headers = [] }] of CONTENTS.entries()) {
    const asBuffer = (bytes: Uint8Array | string | null) => (bytes === null ? null : Buffer.from(bytes))
    expect(records[at]).toMatchObject({ topic: 't', partition: 0, timeMs: by.nowMs })
    expect(records[at]?.key).toEqual(asBuffer(key))
    expect(records[at]?.value).toEqual(asBuffer(value))
    expect(records[at]?.headers).toEqual(headers.map(([name, bytes]) => [name, asBuffer(bytes)]))
  }
})

test('a record alone is as large as was said before it was written', () => {
  for (const content of CONTENTS) expect(sized(content).aloneBytes).toBe(written([content]).length)
})

test('a batch of many thousand records is as large as was said', () => {
  expect(
    read(written(Array.from({ length: 20_000 }, (_, at) => ({ key: null, value: String(at) })))).records,
  ).toHaveLength(20_000)
})

test('carries the checksum that brokers compute', () => {
  const bytes = written(CONTENTS)
  expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes.subarray(21)))
})

test('hands out nothing below the position asked for, and goes on behind the last whole batch', () => {
  const bytes = Buffer.concat([written(CONTENTS, 10), written(CONTENTS, 15), written(CONTENTS, 20).subarray(0, 100)])
  const { records, next } = read(bytes, 13)
  expect(records.map((record) => record.offset)).toEqual([13, 14, 15, 16, 17, 18, 19])
  expect(next).toBe(20)
})

describe('a batch that cannot be read is named', () => {
  const attributes = (bytes: Buffer, value: number): Buffer => {
    bytes.writeInt16BE(value, 21)
    return bytes
  }
  test.each([
    ['an unknown codec', () => attributes(written(CONTENTS, 5), 6), 'codec 6'],
    ['damaged gzip', () => attributes(written(CONTENTS, 5), 1), 'compressed with gzip'],
    ['damaged snappy', () => attributes(written(CONTENTS, 5), 2), 'compressed with snappy'],
    ['damaged lz4', () => attributes(written(CONTENTS, 5), 3), 'compressed with lz4'],
    ['damaged zstd', () => attributes(written(CONTENTS, 5), 4), 'compressed with zstd'],
    ['an old format', () => Buffer.concat([written(CONTENTS, 5).fill(1, 16, 17)]), 'message format 1'],
    [
      'more records than there are',
      () => {
        const bytes = written(CONTENTS, 5)
        bytes.writeInt32BE(6, 57)
        return bytes
      },
      'whole records',
    ],
  ])('%s', (_, bytes, part) => {
    const error = (() => {
      try {
        return read(bytes())
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(EngineRefusal)
    expect(String(error)).toContain('t/0 at offset 5')
    expect(String(error)).toContain(part)
  })
})

test.each([
  ['gzip', 1, gzipSync],
  ['zstd', 4, zstdCompressSync],
] as const)('opens %s', (_, codec, compress) => {
  const plain = written(CONTENTS, 8)
  const body = compress(plain.subarray(BATCH_HEADER_BYTES))
  const bytes = Buffer.concat([plain.subarray(0, BATCH_HEADER_BYTES), body])
  bytes.writeInt32BE(bytes.length - 12, 8)
  bytes.writeInt16BE(codec, 21)
  expect(read(bytes).records).toEqual(read(plain).records)
})
