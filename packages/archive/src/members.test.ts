import { randomBytes } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packMember, splitMembers, unpackMember } from './members.ts'

/** Contents that make zstd write raw, repeated and compressed blocks, small frames and large ones. */
const contents: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array)),
  fc.nat({ max: 300_000 }).map((length) => Buffer.alloc(length, 'a')),
  fc.nat({ max: 300_000 }).map((length) => randomBytes(length)),
  fc.nat({ max: 20_000 }).map((count) => Buffer.from('Het kabinet besluit. '.repeat(count))),
)

test('finds the members of an object from its bytes alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(contents, { maxLength: 6 }), fc.integer({ min: 1, max: 9 }), async (parts, level) => {
      const members = await Promise.all(parts.map((part) => packMember(part, level)))
      const object = Buffer.concat(members)
      expect(splitMembers(object)).toEqual({ lengths: members.map((member) => member.length), fault: null })
      for (const [at, member] of members.entries())
        expect((await unpackMember(member))?.equals(parts[at] ?? Buffer.alloc(0))).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('says where an object stops being whole members', async () => {
  const members = await Promise.all(['a', 'b', 'c'].map((text) => packMember(Buffer.from(text.repeat(5_000)), 3)))
  const object = Buffer.concat(members)
  for (let length = 1; length < object.length; length += 1) {
    const { lengths, fault } = splitMembers(object.subarray(0, length))
    const isBetween = lengths.reduce((sum, one) => sum + one, 0) === length
    expect(fault === null).toBe(isBetween)
  }
})

test('never throws on bytes that are no members', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
      splitMembers(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...array]))
      expect(splitMembers(Buffer.from(array)).fault === null).toBe(array.length === 0)
    }),
  )
})

test('sees damage to a member', async () => {
  const member = await packMember(Buffer.from('Het kabinet besluit. '.repeat(2_000)), 3)
  const damaged = Buffer.from(member)
  damaged[damaged.length - 10] = (damaged[damaged.length - 10] ?? 0) ^ 0xff
  expect(await unpackMember(damaged)).toBe(null)
  expect(await unpackMember(member.subarray(0, -4))).toBe(null)
})

test('is plain zstd: one tool reads the whole object', async () => {
  const object = Buffer.concat([await packMember(Buffer.from('een '), 3), await packMember(Buffer.from('twee'), 3)])
  const lengths = splitMembers(object).lengths
  expect(
    lengths
      .map((length, at) =>
        zstdDecompressSync(object.subarray(at * (lengths[0] ?? 0), at * (lengths[0] ?? 0) + length)).toString(),
      )
      .join(''),
  ).toBe('een twee')
})
