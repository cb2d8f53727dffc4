import { until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { dataDir, opened, topic } from './testing/data-dir.ts'

const day = 24 * 3_600_000

/** Engines in which time passes when the test says so, and that sweep all the time. */
async function withClock() {
  const clock = { ms: Date.parse('2025-11-24T08:00:00Z') }
  const engines = await opened(await dataDir(), { nowMs: () => clock.ms, sweepEveryMs: 20 })
  return { ...engines, clock }
}

test('deletes records older than their topic keeps them, and moves low up', async () => {
  const { log, clock } = await withClock()
  await log.createTopic(topic('wire.anp', { partitions: 2, retentionMs: 7 * day }))
  await log.createTopic(topic('kept', { retentionMs: null }))
  const old = Array.from({ length: 1_200 }, (_, at) => ({
    topic: 'wire.anp',
    partition: 1,
    key: 'k',
    value: `old ${at}`,
  }))
  await log.append([...old, { topic: 'kept', key: 'k', value: 'old' }])
  clock.ms += 6 * day
  await log.append([{ topic: 'wire.anp', partition: 1, key: 'k', value: 'young' }])
  clock.ms += day + 1
  await until('the old ones are gone', async () => (await log.offsets('wire.anp'))[1]?.low === 1_200)
  const left = await log.read('wire.anp', 1, 0, { maxRecords: 10 })
  expect(left.map((record) => [record.offset, String(record.value)])).toEqual([[1_200, 'young']])
  expect((await log.offsets('kept'))[0]).toMatchObject({ low: 0, high: 1 })
  clock.ms += 6 * day
  await until('all are gone', async () => (await log.offsets('wire.anp'))[1]?.low === 1_201)
  expect((await log.append([{ topic: 'wire.anp', partition: 1, key: 'k', value: 'next' }]))[0]).toMatchObject({
    offset: 1_201,
  })
})

test('tells a reader which records went before it came to them', async () => {
  const { log, clock } = await withClock()
  await log.createTopic(topic('wire.anp', { retentionMs: day }))
  await log.append(Array.from({ length: 10 }, () => ({ topic: 'wire.anp', key: 'k', value: 'old' })))
  const read = async () => {
    const records: number[] = []
    const losses: object[] = []
    const consumption = await log.consume({
      group: 'archiver',
      topics: ['wire.anp'],
      onRetentionLoss: (loss) => losses.push(loss),
      handle: async (batch) => {
        records.push(...batch.records.map((record) => record.offset))
        await batch.commit(Math.min(4, batch.next))
      },
    })
    await until('some came', () => records.length > 0)
    await consumption.stop()
    return { records, losses }
  }
  expect((await read()).losses).toEqual([])
  clock.ms += 2 * day
  await until('the old ones are gone', async () => (await log.offsets('wire.anp'))[0]?.low === 10)
  await log.append([{ topic: 'wire.anp', key: 'k', value: 'young' }])
  expect(await read()).toEqual({ records: [10], losses: [{ topic: 'wire.anp', partition: 0, from: 4, to: 10 }] })
})

test('keeps the last record of each key in a compacted topic, under its own offset', async () => {
  const { log, clock } = await withClock()
  await log.createTopic(topic('stories.state', { cleanup: 'compact' }))
  const put = (key: string | null, value: string | null) => ({ topic: 'stories.state', key, value })
  await log.append([put('a', '1'), put('b', '1'), put('a', '2'), put(null, 'x'), put('b', null), put('c', '1')])
  const left = async () => (await log.read('stories.state', 0, 0, { maxRecords: 10 })).map((record) => record.offset)
  await until('the older ones are gone', async () => (await left()).length === 4)
  expect(await left()).toEqual([2, 3, 4, 5])
  await log.append([put('c', '2'), put('d', null)])
  await until('the older one is gone', async () => (await left()).length === 5)
  // A null has to be there for a day, so that who was away learns of it; the last record stays, so that positions reach the end.
  clock.ms += day + 1
  await until('the null is gone', async () => !(await left()).includes(4))
  expect(await left()).toEqual([2, 3, 6, 7])
  expect((await log.offsets('stories.state'))[0]).toMatchObject({ low: 0, high: 8 })
})

test('walks over what compaction removed', async () => {
  const { log } = await withClock()
  await log.createTopic(topic('stories.state', { cleanup: 'compact' }))
  const records = Array.from({ length: 50 }, (_, at) => ({ topic: 'stories.state', key: `k${at % 5}`, value: `${at}` }))
  await log.append(records)
  await until(
    'the older ones are gone',
    async () => (await log.read('stories.state', 0, 0, { maxRecords: 99 })).length === 5,
  )
  const batches: (readonly [offsets: number[], next: number])[] = []
  await log.consume({
    group: null,
    topics: ['stories.state'],
    maxRecords: 3,
    onRetentionLoss: () => expect.unreachable('nothing was lost'),
    handle: async ({ records: found, next }) => void batches.push([found.map((record) => record.offset), next]),
  })
  await until('all came', () => batches.length >= 2)
  expect(batches).toEqual([
    [[45, 46, 47], 48],
    [[48, 49], 50],
  ])
})

test('forgets expired state, and the ids of jobs a day after they were done', async () => {
  const { state, jobs, clock } = await withClock()
  await state.claim(0, 'one')
  const puts = [
    { key: 'capture', value: '1', group: 'feed', expiresAtMs: clock.ms + day },
    { key: 'story', value: '2' },
  ]
  await state.store({ partition: 0, puts, expected: { token: 'one', applied: null }, applied: null })
  await jobs.work('queue', async () => ({ kind: 'done' }))
  await jobs.add('queue', { id: 'once', data: '{}' })
  await until('it is done', async () => Object.values(await jobs.counts('queue')).every((count) => count === 0))
  clock.ms += day - 1
  expect(await jobs.add('queue', { id: 'once', data: '{}' })).toBe('exists')
  clock.ms += 2
  await until('the id may be used again', async () => (await jobs.add('queue', { id: 'once', data: '{}' })) === 'added')
  await until('the capture is forgotten', async () => (await state.load(0, ['capture'])).values[0] === null)
  expect((await state.load(0, ['story'])).values).toEqual(['2'])
})
