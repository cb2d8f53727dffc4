import type { Archive } from '@dateline/ports'
import { describe, expect, test } from 'vitest'
import { archivedExtent } from './archived-extent.ts'
import { archivedMessages } from './archived-messages.ts'
import { joinObjects } from './join-objects.ts'
import { listArchive } from './list-archive.ts'
import { readArchived } from './read-archived.ts'
import { sweepChain } from './sweep-chain.ts'
import { allOf } from './testing/all-of.ts'
import { countingArchive } from './testing/counting-archive.ts'
import { fillChain, steadyObjects } from './testing/fill-chain.ts'
import { type MemoryArchive, memoryArchive } from './testing/memory-archive.ts'
import { chain, message } from './testing/records.ts'

const hourMs = 3_600_000
const startMs = Date.parse('2026-11-24T00:00:00Z')
const noon = { sinceMs: startMs + 12 * hourMs, untilMs: startMs + 13 * hourMs }

/** Objects of three messages each. */
async function filled(objects: number, everyMs: number): Promise<MemoryArchive> {
  const archive = memoryArchive()
  await fillChain(archive, chain, steadyObjects(chain, { objects, startMs, everyMs }))
  return archive
}

/** What the work gives, and what it asked for. */
async function counted<T>(archive: Archive, work: (archive: Archive) => Promise<T>) {
  const counting = countingArchive(archive)
  const result = await work(counting)
  return { result, ...counting.requests() }
}

const join = (archive: Archive, days: number) =>
  allOf(joinObjects(archive, chain, { beforeMs: startMs + days * 24 * hourMs, writer: 'j' }))

const offsetsOf = (records: readonly { readonly offset: number }[]): number[] => records.map(({ offset }) => offset)
const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)

describe('in a day of 2,000 objects', async () => {
  const archive = await filled(2_000, 43_200)

  test('an hour is read by asking for its objects and some twenty others', async () => {
    const { result, list, head, get, again } = await counted(archive, (counting) =>
      allOf(archivedMessages(counting, chain, noon)),
    )
    expect(offsetsOf(result)).toEqual(span(3_000, 3_250))
    expect(again).toEqual([])
    expect({ list, isFew: head <= 84 + 24 && get <= 84 + 16 }).toEqual({ list: 4, isFew: true })
  })

  test('the hour of a plan is read by asking for its objects alone', async () => {
    const { result, head, get, again } = await counted(archive, (counting) =>
      allOf(archivedMessages(counting, chain, { from: 3_000, to: 3_252, ...noon })),
    )
    expect(offsetsOf(result)).toEqual(span(3_000, 3_250))
    expect({ head, get, again }).toEqual({ head: 84, get: 84, again: [] })
  })

  test('an hour is listed by asking for its objects and some twenty others', async () => {
    const { result, head, again } = await counted(archive, (counting) => allOf(listArchive(counting, noon)))
    expect(result.map(({ base }) => base)).toEqual(span(1_000, 1_084).map((at) => at * 3))
    expect(again).toEqual([])
    expect(head).toBeLessThanOrEqual(84 + 24)
  })

  test('a message is had by four requests', async () => {
    const { result, list, head, get } = await counted(archive, (counting) =>
      readArchived(counting, { ...chain, offset: 4_001 }),
    )
    expect(result?.offset).toBe(4_001)
    expect({ list, head, get }).toEqual({ list: 2, head: 1, get: 1 })
  })
})

test('finds an hour of a week that was never joined without listing all of it', async () => {
  const archive = await filled(7_000, 86_400)
  const found = await counted(archive, (counting) => archivedExtent(counting, chain, noon))
  expect(found.result).toEqual({ from: 1_500, to: 1_626, end: 21_000 })
  expect(found.again).toEqual([])
  expect(found.list + found.head).toBeLessThan(60)
  const read = await counted(archive, (counting) => allOf(archivedMessages(counting, chain, noon)))
  expect(offsetsOf(read.result)).toEqual(
    steadyObjects(chain, { objects: 1_000, startMs, everyMs: 86_400 })
      .flat()
      .filter(({ timeMs }) => timeMs >= noon.sinceMs && timeMs < noon.untilMs)
      .map(({ offset }) => offset),
  )
  expect(read.list).toBeLessThan(7)
})

test('passes over what was joined and not removed yet without listing all of it', async () => {
  const archive = memoryArchive()
  /** A day of many objects, one of a single one, another of many, and the present one. */
  const dayOf = (at: number): number => (at < 2_500 ? 0 : at === 2_500 ? 1 : at <= 5_000 ? 2 : 4)
  const objects = steadyObjects(chain, { objects: 5_010, startMs, everyMs: 3_000 })
  const dated = objects.map((records, at) =>
    records.map((record) => ({ ...record, timeMs: startMs + dayOf(at) * 24 * hourMs + at * 3_000 })),
  )
  await fillChain(archive, chain, dated)
  const joined = await join(archive, 4)
  const { result, list } = await counted(archive, (counting) => allOf(listArchive(counting)))
  expect(result.filter(({ isJoined }) => isJoined)).toHaveLength(joined.length)
  expect(result.filter(({ isJoined }) => !isJoined).map(({ base }) => base)).toEqual(
    [2_500, ...span(5_001, 5_010)].map((at) => at * 3),
  )
  expect(list).toBeLessThanOrEqual(9)
  await sweepChain(archive, chain)
  expect(await allOf(listArchive(archive))).toEqual(result)
})

test('asks once for all that an object holds', async () => {
  const archive = memoryArchive()
  const records = span(0, 50).map((offset) => message(offset, `message ${offset} ${'x'.repeat(200)}`))
  await fillChain(archive, chain, [records])
  const { result, get } = await counted(archive, (counting) => allOf(archivedMessages(counting, chain)))
  expect(result).toEqual(records)
  expect(get).toBe(1)
})

test('reads no object for joining that has none to be joined with, and does not ask for it again', async () => {
  const archive = await filled(60, 24 * hourMs)
  let from = 0
  const round = (days: number) =>
    counted(archive, (counting) =>
      allOf(
        joinObjects(counting, chain, {
          beforeMs: startMs + days * 24 * hourMs,
          writer: 'j',
          from,
          onSettled: (settled) => {
            from = settled
          },
        }),
      ),
    )
  expect(await round(50)).toMatchObject({ result: [], head: 51, get: 0, again: [] })
  expect(await round(50)).toMatchObject({ result: [], head: 2, get: 0 })
  expect(await round(52)).toMatchObject({ result: [], head: 4, get: 0 })
})

test('asks for next to nothing when a year of days is joined already', async () => {
  const archive = await filled(2_000, 4 * hourMs)
  await join(archive, 400)
  await sweepChain(archive, chain)
  const { head, get, list } = await counted(archive, async (counting) => {
    await join(counting, 333)
    await sweepChain(counting, chain)
  })
  expect({ get, areFew: head <= 1 && list <= 4 }).toEqual({ get: 0, areFew: true })
})
