import { describe, expect, test } from 'vitest'
import { assignPartitions, type Member } from './assignment.ts'
import { nameOf } from './offsets.ts'

const member = (memberId: string, topics: readonly string[], owned: readonly string[] = []): Member => ({
  memberId,
  topics,
  owned: owned.map((name) => ({ topic: name.split('/')[0] ?? '', partition: Number(name.split('/')[1]) })),
})

const dealt = (members: readonly Member[], counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    [...assignPartitions(members, new Map(Object.entries(counts)))].map(([id, some]) => [
      id,
      some.map(nameOf).toSorted(),
    ]),
  )

test('deals every partition to one member, evenly', () => {
  for (let members = 1; members <= 7; members++) {
    for (let partitions = 0; partitions <= 14; partitions++) {
      const result = dealt(
        Array.from({ length: members }, (_, at) => member(`m${at}`, ['a'])),
        { a: partitions },
      )
      const all = Object.values(result).flat()
      expect(new Set(all).size).toBe(partitions)
      expect(all).toHaveLength(partitions)
      const sizes = Object.values(result).map((some) => some.length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }
  }
})

test('leaves partitions where they are when a member comes', () => {
  const before = dealt([member('m1', ['a'])], { a: 6 })
  const after = dealt([member('m0', ['a']), member('m1', ['a'], before.m1)], { a: 6 })
  expect(after.m1?.every((name) => before.m1?.includes(name))).toBe(true)
  expect(after.m0).toHaveLength(3)
})

test('moves only what a member that left had', () => {
  const before = dealt([member('m0', ['a']), member('m1', ['a']), member('m2', ['a'])], { a: 9 })
  const after = dealt([member('m0', ['a'], before.m0), member('m2', ['a'], before.m2)], { a: 9 })
  for (const id of ['m0', 'm2']) expect(after[id]).toEqual(expect.arrayContaining(before[id] ?? []))
})

describe('gives a topic only to members that read it', () => {
  test('when they read different ones', () => {
    const result = dealt([member('m0', ['a']), member('m1', ['a', 'b']), member('m2', ['b'], ['a/0'])], { a: 2, b: 2 })
    expect(result.m0?.every((name) => name.startsWith('a/'))).toBe(true)
    expect(result.m2?.every((name) => name.startsWith('b/'))).toBe(true)
    expect(Object.values(result).flat().toSorted()).toEqual(['a/0', 'a/1', 'b/0', 'b/1'])
  })
})

test('gives a partition that two members claim to one of them', () => {
  const result = dealt([member('m0', ['a'], ['a/0', 'a/1']), member('m1', ['a'], ['a/0', 'a/1'])], { a: 2 })
  expect(Object.values(result).flat().toSorted()).toEqual(['a/0', 'a/1'])
  expect(result.m0).toHaveLength(1)
})
