import { expect, test } from 'vitest'
import { archivedMessages } from './archived-messages.ts'
import { listArchive } from './list-archive.ts'
import { readArchived } from './read-archived.ts'
import { fillChain } from './testing/fill-chain.ts'
import { type MemoryArchive, memoryArchive } from './testing/memory-archive.ts'
import { chain, message, messages } from './testing/records.ts'

/** Objects of 25 messages up to offset 500, with a gap from 200 to 300. */
async function filled(): Promise<MemoryArchive> {
  const archive = memoryArchive()
  const starts = Array.from({ length: 20 }, (_, at) => at * 25).filter((from) => from < 200 || from >= 300)
  await fillChain(
    archive,
    chain,
    starts.map((from) => messages(from, from + 25)),
  )
  return archive
}

const offsets = async (archive: MemoryArchive, range = {}): Promise<number[]> => {
  const found: number[] = []
  for await (const record of archivedMessages(archive, chain, range)) found.push(record.offset)
  return found
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at).filter((offset) => offset < 200 || offset >= 300)

const timeOf = (offset: number): number => message(offset).timeMs

test('reads any message back by its position', async () => {
  const archive = await filled()
  for (const offset of span(0, 500)) expect(await readArchived(archive, { ...chain, offset })).toEqual(message(offset))
})

test('answers null for what is not archived', async () => {
  const archive = await filled()
  expect(await readArchived(archive, { ...chain, offset: 250 })).toBe(null)
  expect(await readArchived(archive, { ...chain, offset: 500 })).toBe(null)
  expect(await readArchived(archive, { ...chain, logId: 'another', offset: 1 })).toBe(null)
  expect(await readArchived(memoryArchive(), { ...chain, offset: 0 })).toBe(null)
})

test('finds a message in an object that begins long before it', async () => {
  const archive = memoryArchive()
  await fillChain(archive, chain, [[0, 7, 9_000, 19_000].map((offset) => message(offset))])
  expect(await readArchived(archive, { ...chain, offset: 19_000 })).toEqual(message(19_000))
  expect(await readArchived(archive, { ...chain, offset: 18_999 })).toBe(null)
})

test('says that an object is damaged instead of handing out what it holds', async () => {
  const archive = await filled()
  const [object] = archive.objects.values()
  object?.bytes.fill(0, 20, 40)
  await expect(readArchived(archive, { ...chain, offset: 0 })).rejects.toThrow('is damaged')
  await expect(offsets(archive)).rejects.toThrow('is damaged')
})

test('walks a partition in order, over gaps, from any offset to any other', async () => {
  const archive = await filled()
  expect(await offsets(archive)).toEqual(span(0, 500))
  expect(await offsets(archive, { from: 37, to: 61 })).toEqual(span(37, 61))
  expect(await offsets(archive, { from: 190, to: 310 })).toEqual(span(190, 310))
  expect(await offsets(archive, { from: 250 })).toEqual(span(250, 500))
  expect(await offsets(archive, { from: 600 })).toEqual([])
})

test('walks a time of it', async () => {
  const archive = await filled()
  expect(await offsets(archive, { sinceMs: timeOf(410), untilMs: timeOf(430) })).toEqual(span(410, 430))
  expect(await offsets(archive, { sinceMs: timeOf(220), untilMs: timeOf(305) })).toEqual(span(300, 305))
  expect(await offsets(archive, { untilMs: timeOf(3) })).toEqual([0, 1, 2])
  expect(await offsets(archive, { sinceMs: timeOf(900) })).toEqual([])
})

test('lists every object with what it says of itself', async () => {
  const listed = []
  for await (const object of listArchive(await filled(), { feed: 'anp' })) listed.push(object)
  expect(listed).toHaveLength(17)
  expect(listed[0]).toMatchObject({ ...chain, kind: 'messages', base: 0, next: 25, count: 25 })
  expect(listed[0]?.firstTime).toBe(new Date(timeOf(0)).toISOString())
  expect(listed.filter((object) => object.kind === 'gap')).toMatchObject([
    { base: 200, next: 300, count: 0, firstTime: null },
  ])
})
