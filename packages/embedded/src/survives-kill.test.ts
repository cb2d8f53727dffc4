import { setTimeout as pause } from 'node:timers/promises'
import { until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { dataDir, opened, topic } from './testing/data-dir.ts'
import { runChild } from './testing/run-child.ts'

const kills = 10

test('keeps every acknowledged record, and none torn, through kill -9', { timeout: 180_000 }, async () => {
  const dir = await dataDir()
  const { log } = await opened(dir)
  await log.createTopic(topic('appended', { partitions: 3 }))
  const acknowledged: string[] = []
  for (let round = 0; round < kills; round++) {
    const child = runChild('append', dir)
    await until('it appends', () => child.lines.length > 0)
    await pause(Math.random() * 150)
    await child.kill()
    acknowledged.push(...child.lines)
  }
  const found = new Map<string, number[]>()
  for (const partition of [0, 1, 2]) {
    const records = await log.read('appended', partition, 0, { maxRecords: 1e6, maxBytes: 1e9 })
    expect(records.map((record) => record.offset)).toEqual(records.map((_, at) => at))
    for (const record of records) {
      const [batch, index, filling, end] = String(record.value).split('.')
      expect([filling?.length, end]).toEqual([3_000, 'end'])
      const name = `${record.key}/${batch}`
      found.set(name, [...(found.get(name) ?? []), Number(index)])
    }
  }
  expect(acknowledged.length).toBeGreaterThan(kills)
  expect(acknowledged.filter((name) => !found.has(name))).toEqual([])
  // One append is one transaction: also what was never acknowledged is there as a whole or not at all.
  for (const indexes of found.values()) expect(indexes).toEqual([0, 1, 2])
})

test('applies the effects of a batch as a whole or not at all, through kill -9', { timeout: 180_000 }, async () => {
  const dir = await dataDir()
  const { log, state } = await opened(dir)
  for (const name of ['in', 'out']) await log.createTopic(topic(name))
  await log.createTopic(topic('changelog', { cleanup: 'compact' }))
  let last = -1
  for (let round = 0; round < kills; round++) {
    const child = runChild('apply', dir)
    await until('it applies', () => child.lines.length > 0)
    await pause(Math.random() * 150)
    await child.kill()
    const acknowledged = Number(child.lines.at(-1))
    const keys = Array.from({ length: 20 }, (_, index) => `story-${index}`)
    const { applied, values } = await state.load(0, keys)
    const batch = applied?.offset ?? -1
    expect(batch).toBeGreaterThanOrEqual(acknowledged)
    expect(batch).toBeGreaterThan(last)
    last = batch
    expect(values).toEqual(keys.map(() => String(batch)))
    expect((await log.offsets('out'))[0]?.high).toBe((batch + 1) * 20)
    expect((await log.offsets('changelog'))[0]?.high).toBe((batch + 1) * 20)
    expect((await log.offsets('in', 'publisher'))[0]?.committed).toBe(batch + 1)
  }
})

test('archives objects as a whole or not at all, through kill -9', { timeout: 180_000 }, async () => {
  const dir = await dataDir()
  const { archive } = await opened(dir)
  const acknowledged: string[] = []
  for (let round = 0; round < kills; round++) {
    const child = runChild('archive', dir)
    await until('it archives', () => child.lines.length > 0)
    await pause(Math.random() * 50)
    await child.kill()
    acknowledged.push(...child.lines)
  }
  const listed: string[] = []
  for await (const { key, size } of archive.list('raw/')) {
    listed.push(key)
    expect(size).toBe(300_000)
    expect((await archive.get(key))?.equals(Buffer.alloc(300_000, key))).toBe(true)
    expect((await archive.head(key))?.metadata).toEqual({ key: key.replaceAll('/', '-') })
  }
  expect(acknowledged.filter((key) => !listed.includes(key))).toEqual([])
})

test('takes over at once from a process that was killed', { timeout: 60_000 }, async () => {
  const dir = await dataDir()
  const { log, jobs } = await opened(dir)
  await log.createTopic(topic('in', { partitions: 2 }))
  const child = runChild('hold', dir)
  await until('it works', () => child.lines.includes('ready'))
  const handled: string[] = []
  const consumption = await log.consume({
    group: 'shared',
    topics: ['in'],
    sessionTimeoutMs: 600_000,
    handle: async (batch) => {
      for (const record of batch.records) handled.push(`${record.partition}/${record.offset}`)
      await batch.commit(batch.next)
    },
  })
  await until('they share the partitions', () => consumption.assigned().length === 1)
  const both = [0, 1].map((partition) => ({ topic: 'in', partition, key: 'k', value: 'v' }))
  await log.append(both)
  await until('each has its record', () => handled.length === 1 && child.lines.some((line) => line.endsWith('/0')))
  await jobs.add('queue', { id: 'job-1', data: '{}' })
  await until('it runs the job', () => child.lines.includes('job job-1'))

  await child.kill()

  await until('this one has both partitions', () => consumption.assigned().length === 2, { limitMs: 20_000 })
  await log.append(both)
  await until('and their records', () => handled.includes('0/1') && handled.includes('1/1'))
  const ran: string[] = []
  await jobs.work('queue', async (job) => {
    ran.push(`${job.id} ${job.attempt}`)
    return { kind: 'done' }
  })
  await until('it ran the job again', () => ran.length > 0, { limitMs: 20_000 })
  expect(ran).toEqual(['job-1 1'])
})
