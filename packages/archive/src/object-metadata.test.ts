import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_MEMBERS, metadataText, type ObjectMetadata, readMetadata } from './object-metadata.ts'

const anyMetadata: fc.Arbitrary<ObjectMetadata> = fc
  .record({
    kind: fc.constantFrom('messages', 'gap', 'removed'),
    base: fc.nat({ max: 2 ** 50 }),
    span: fc.integer({ min: 1, max: 2 ** 40 }),
    count: fc.nat(),
    times: fc.option(fc.tuple(fc.nat({ max: 4_000_000_000_000 }), fc.nat({ max: 4_000_000_000_000 }))),
    members: fc.array(fc.tuple(fc.nat({ max: 2 ** 40 }), fc.integer({ min: 1, max: 16 * 2 ** 20 })), {
      maxLength: MOST_MEMBERS,
    }),
  })
  .map(({ kind, base, span, count, times, members }) => {
    let start = 0
    return {
      kind,
      base,
      next: base + span,
      count,
      sha256: 'f'.repeat(64),
      writer: 'archiver-01234567-89ab-cdef-0123-456789abcdef',
      firstTimeMs: times?.[0] ?? null,
      lastTimeMs: times?.[1] ?? null,
      members: members.map(([behind, length]) => {
        const place = { firstOffset: base + behind, start, length }
        start += length
        return place
      }),
    }
  })

test('says everything that it was made from', () => {
  fc.assert(
    fc.property(anyMetadata, (metadata) => {
      expect(readMetadata(metadataText(metadata))).toEqual(metadata)
    }),
  )
})

test('always fits in what S3 keeps beside an object, and is printable ASCII', () => {
  fc.assert(
    fc.property(anyMetadata, (metadata) => {
      const text = metadataText(metadata)
      const size = Object.entries(text).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
      expect(size).toBeLessThanOrEqual(2_048 - 64)
      for (const [name, value] of Object.entries(text)) {
        expect(name).toMatch(/^[a-z0-9-]+$/)
        expect(value).toMatch(/^[\x21-\x7e]+$/)
      }
    }),
  )
})

test('never throws on metadata of others', () => {
  const valid = metadataText(fc.sample(anyMetadata, { numRuns: 1, seed: 1 })[0] as ObjectMetadata)
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(valid)), fc.option(fc.string()), (name, value) => {
      const { [name]: _gone, ...rest } = valid
      readMetadata(value === null ? rest : { ...rest, [name]: value })
    }),
  )
  expect(readMetadata({})).toBe(null)
  expect(readMetadata({ ...valid, next: valid.base ?? '' })).toBe(null)
})
