import { until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { dataDir, opened, topic } from './testing/data-dir.ts'
import { runChild } from './testing/run-child.ts'

test('sees what another process appends while it appends itself', { timeout: 60_000 }, async () => {
  const dir = await dataDir()
  const { log } = await opened(dir)
  await log.createTopic(topic('appended', { partitions: 3 }))
  const seen = new Map<number, number[]>()
  await log.consume({
    group: null,
    topics: ['appended'],
    handle: async ({ partition, records }) => {
      seen.set(partition, [...(seen.get(partition) ?? []), ...records.map((record) => record.offset)])
    },
  })
  const child = runChild('append', dir)
  await until('it appends', () => child.lines.length > 0)
  for (let at = 0; at < 50; at++) await log.append([{ topic: 'appended', partition: at % 3, key: 'ours', value: 'v' }])
  await until('it went on', () => child.lines.length > 100)
  await child.kill()
  const highs = (await log.offsets('appended')).map(({ high }) => high)
  await until('all came', () => highs.every((high, partition) => (seen.get(partition)?.length ?? 0) >= high))
  // No gap, no repeat and no swap, although two processes wrote.
  for (const offsets of seen.values()) expect(offsets).toEqual(offsets.map((_, at) => at))
})

test('opens one new directory from several places at once', async () => {
  const dir = await dataDir()
  const many = await Promise.all([opened(dir), opened(dir), opened(dir), opened(dir)])
  const made = await Promise.all(many.map(({ log }) => log.createTopic(topic('wire.anp'))))
  expect(made.filter(({ created }) => created)).toHaveLength(1)
  expect(new Set(made.map(({ info }) => info.logId)).size).toBe(1)
})

test('starts a recreated topic anew for a group that was reading the old one', async () => {
  const { log } = await opened(await dataDir())
  await log.createTopic(topic('in'))
  const values: string[] = []
  const consumption = await log.consume({
    group: 'g',
    topics: ['in'],
    handle: async (batch) => {
      values.push(...batch.records.map((record) => String(record.value)))
      await batch.commit(batch.next)
    },
  })
  await log.append([0, 1, 2].map((at) => ({ topic: 'in', key: 'k', value: `old ${at}` })))
  await until('the old ones came', () => values.length === 3)
  await log.deleteTopic('in')
  await until('the partition is gone', () => consumption.assigned().length === 0)
  await log.createTopic(topic('in', { partitions: 2 }))
  await log.append([{ topic: 'in', partition: 0, key: 'k', value: 'new' }])
  await until('the new one came', () => values.includes('new'))
  expect(consumption.assigned()).toHaveLength(2)
})

test('lets slow partitions wait while others go on, up to the concurrency', async () => {
  const { log } = await opened(await dataDir())
  await log.createTopic(topic('in', { partitions: 6 }))
  const stuck = new Set<number>()
  const release = Promise.withResolvers<void>()
  const handled = new Set<number>()
  await log.consume({
    group: 'g',
    topics: ['in'],
    concurrency: 3,
    handle: async ({ partition, commit, next }) => {
      if (partition < 2) {
        stuck.add(partition)
        await release.promise
      }
      handled.add(partition)
      await commit(next)
    },
  })
  const all = [0, 1, 2, 3, 4, 5]
  await log.append(all.map((partition) => ({ topic: 'in', partition, key: 'k', value: 'v' })))
  await until('the others are done', () => [2, 3, 4, 5].every((partition) => handled.has(partition)))
  expect([...stuck].sort()).toEqual([0, 1])
  release.resolve()
  await until('all are done', () => all.every((partition) => handled.has(partition)))
})
