import { expect } from 'vitest'
import type { PartitionStart } from '../event-log.ts'
import { OwnershipLost, TransientFault } from '../faults.ts'
import { eventLogPromise, numbered, numbers, valueText } from './event-log-bench.ts'
import { uniqueName } from './scope.ts'
import { latch, rejectionOf } from './waiting.ts'

export const consumingPromises = [
  eventLogPromise(
    'hands out everything from the earliest record, then what comes',
    async ({ log, topic, follow, until }) => {
      const name = await topic()
      await log.append(numbered(name, 10))
      const { records, values, consumption } = await follow(log, { topics: [name] })
      await until('the old records came', () => records.length >= 10)
      expect(consumption.isReady()).toBe(true)
      expect(consumption.assigned()).toEqual([{ topic: name, partition: 0 }])
      await log.append([{ topic: name, key: 'k', value: 'live' }])
      await until('the new record came', () => records.length >= 11)
      expect(values()).toEqual([...numbers(10), 'live'])
    },
  ),

  eventLogPromise('hands out the bytes, key and headers that were appended', async ({ log, topic, follow, until }) => {
    const name = await topic()
    const value = Buffer.from([0, 255, 10, 13])
    await log.append([
      {
        topic: name,
        key: 'k',
        value,
        headers: [
          ['ce_id', 'evt_1'],
          ['hop', 'a'],
          ['hop', 'b'],
        ],
      },
      { topic: name, key: null, value: null },
    ])
    const { records } = await follow(log, { topics: [name] })
    await until('both came', () => records.length >= 2)
    expect(records[0]).toMatchObject({ topic: name, partition: 0, offset: 0, key: Buffer.from('k'), value })
    expect(records[0]?.headers).toEqual([
      ['ce_id', Buffer.from('evt_1')],
      ['hop', Buffer.from('a')],
      ['hop', Buffer.from('b')],
    ])
    expect(records[1]).toMatchObject({ key: null, value: null, headers: [] })
  }),

  eventLogPromise('hands out one batch of a partition at a time, in order', async ({ log, topic, follow, until }) => {
    const name = await topic({ partitions: 2 })
    for (const partition of [0, 1]) await log.append(numbered(name, 100, { partition }))
    const inWork = new Set<number>()
    let sideBySide = 0
    const { records, batches } = await follow(log, {
      topics: [name],
      maxRecords: 7,
      handle: async (batch) => {
        if (inWork.has(batch.partition)) sideBySide++
        inWork.add(batch.partition)
        await new Promise((resolve) => setTimeout(resolve, 2))
        inWork.delete(batch.partition)
        await batch.commit(batch.next)
      },
    })
    await until('all came', () => records.length >= 200)
    expect(sideBySide).toBe(0)
    for (const partition of [0, 1]) {
      expect(records.filter((record) => record.partition === partition).map(valueText)).toEqual(numbers(100))
    }
    for (const batch of batches) {
      expect(batch.records.length).toBeLessThanOrEqual(7)
      expect(batch.next).toBe((batch.records.at(-1)?.offset ?? 0) + 1)
      expect(batch.highWatermark).toBeGreaterThanOrEqual(batch.next)
      expect(batch.records.every((record) => record.partition === batch.partition)).toBe(true)
    }
  }),

  eventLogPromise('bounds a batch by its bytes; a larger record comes alone', async ({ log, topic, follow, until }) => {
    const name = await topic()
    await log.append(numbers(6).map(() => ({ topic: name, key: 'k', value: Buffer.alloc(30_000) })))
    await log.append([{ topic: name, key: 'k', value: Buffer.alloc(200_000) }])
    const { records, batches } = await follow(log, { topics: [name], maxBytes: 100_000 })
    await until('all came', () => records.length >= 7)
    expect(records.map((record) => record.offset)).toEqual([0, 1, 2, 3, 4, 5, 6])
    for (const batch of batches) {
      const bytes = batch.records.reduce((sum, record) => sum + (record.value?.length ?? 0), 0)
      expect(bytes <= 100_000 || batch.records.length === 1).toBe(true)
    }
  }),

  eventLogPromise('hands out again what was not committed', async ({ log, another, topic, follow, until }) => {
    const name = await topic()
    const group = uniqueName('contract-group')
    await log.append(numbered(name, 10))
    const first = await follow(await another(), { topics: [name], group, handle: async () => undefined })
    await until('the first member has all', () => first.records.length >= 10)
    await first.consumption.stop()
    const second = await follow(log, { topics: [name], group })
    await until('the second member has all', () => second.records.length >= 10)
    expect(second.values()).toEqual(numbers(10))
  }),

  eventLogPromise('resumes at the committed position', async ({ log, another, topic, follow, until }) => {
    const name = await topic()
    const group = uniqueName('contract-group')
    await log.append(numbered(name, 10))
    const first = await follow(await another(), { topics: [name], group, handle: (batch) => batch.commit(4) })
    await until('the first member has all', () => first.records.length >= 10)
    await first.consumption.stop()
    const second = await follow(log, { topics: [name], group })
    await until('the rest came', () => second.records.length >= 6)
    expect(second.values()).toEqual(['4', '5', '6', '7', '8', '9'])
  }),

  eventLogPromise('keeps groups apart', async ({ log, topic, follow, until }) => {
    const name = await topic()
    await log.append(numbered(name, 10))
    const first = await follow(log, { topics: [name] })
    await until('the first group has all', () => first.records.length >= 10)
    const second = await follow(log, { topics: [name] })
    await until('the second group has all', () => second.records.length >= 10)
    expect(second.values()).toEqual(numbers(10))
    expect(first.values()).toEqual(numbers(10))
  }),

  eventLogPromise(
    'starts where startAt says, which is told what there is',
    async ({ log, another, topic, follow, until }) => {
      const name = await topic()
      const group = uniqueName('contract-group')
      await log.append(numbered(name, 10))
      const told: PartitionStart[] = []
      const startAt = async (start: PartitionStart) => {
        told.push(start)
        return 7
      }
      const first = await follow(await another(), {
        topics: [name],
        group,
        startAt,
        handle: (batch) => batch.commit(9),
      })
      await until('the rest came', () => first.records.length >= 3)
      await first.consumption.stop()
      expect(first.values()).toEqual(['7', '8', '9'])
      expect(told[0]).toEqual({ topic: name, partition: 0, committed: null, low: 0, high: 10 })
      // Behind the committed position too: the state store knows better than the group.
      const second = await follow(log, { topics: [name], group, startAt })
      await until('the rest came again', () => second.records.length >= 3)
      expect(second.values()).toEqual(['7', '8', '9'])
      expect(told.at(-1)).toEqual({ topic: name, partition: 0, committed: 9, low: 0, high: 10 })
    },
  ),

  eventLogPromise(
    'starts at the committed position when startAt says null',
    async ({ log, another, topic, follow, until }) => {
      const name = await topic()
      const group = uniqueName('contract-group')
      const startAt = async () => null
      await log.append(numbered(name, 10))
      const first = await follow(await another(), {
        topics: [name],
        group,
        startAt,
        handle: (batch) => batch.commit(8),
      })
      await until('all came', () => first.records.length >= 10)
      await first.consumption.stop()
      const second = await follow(log, { topics: [name], group, startAt })
      await until('the rest came', () => second.records.length >= 2)
      expect(second.values()).toEqual(['8', '9'])
    },
  ),

  eventLogPromise('hands the same batch out again after a TransientFault', async ({ log, topic, follow, until }) => {
    const name = await topic()
    await log.append(numbered(name, 10))
    let faults = 2
    const { records, batches, values, consumption } = await follow(log, {
      topics: [name],
      handle: async (batch) => {
        if (faults-- > 0) throw new TransientFault('state', 'away for a moment')
        await batch.commit(batch.next)
      },
    })
    await until('it went on', () => records.at(-1)?.offset === 9 && batches.length >= 3)
    for (const batch of batches.slice(0, 3)) expect(batch.records[0]?.offset).toBe(0)
    const handled = batches.slice(2).flatMap((batch) => batch.records.map(valueText))
    expect(handled).toEqual(numbers(10))
    expect(values().length).toBeGreaterThan(10)
    expect(consumption.isReady()).toBe(true)
  }),

  eventLogPromise('asks startAt again after OwnershipLost', async ({ log, topic, follow, until }) => {
    const name = await topic()
    await log.append(numbered(name, 10))
    let asked = 0
    let lost = false
    const { records, batches } = await follow(log, {
      topics: [name],
      startAt: async () => (asked++ === 0 ? 0 : 5),
      handle: async (batch) => {
        if (!lost) {
          lost = true
          throw new OwnershipLost('another publisher took over')
        }
        await batch.commit(batch.next)
      },
    })
    await until('it went on', () => batches.length >= 2 && records.at(-1)?.offset === 9)
    expect(asked).toBeGreaterThanOrEqual(2)
    expect(batches.slice(1).flatMap((batch) => batch.records.map(valueText))).toEqual(['5', '6', '7', '8', '9'])
  }),

  eventLogPromise('ends with the error when the worker has a fault of its own', async ({ log, topic, follow }) => {
    const name = await topic()
    await log.append(numbered(name, 3))
    const fault = new TypeError('a bug')
    const { consumption } = await follow(log, {
      topics: [name],
      handle: async () => {
        throw fault
      },
    })
    expect(await rejectionOf(consumption.ended)).toBe(fault)
  }),

  eventLogPromise('ends and gives its partitions back when it is stopped', async ({ log, topic, follow, until }) => {
    const name = await topic()
    await log.append(numbered(name, 3))
    const { records, consumption } = await follow(log, { topics: [name] })
    await until('all came', () => records.length >= 3)
    await consumption.stop()
    await consumption.ended
    expect(consumption.assigned()).toEqual([])
    await log.append(numbered(name, 3))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(records).toHaveLength(3)
  }),

  eventLogPromise('waits with stop for the batch in work, and that one may still commit', async (bench) => {
    const { log, topic, follow, until } = bench
    const name = await topic()
    const group = uniqueName('contract-group')
    await log.append(numbered(name, 3))
    const work = latch()
    const { records, consumption } = await follow(log, {
      topics: [name],
      group,
      handle: async (batch) => {
        await work.opened
        await batch.commit(batch.next)
      },
    })
    await until('the batch is in work', () => records.length >= 3)
    let stopped = false
    const stopping = consumption.stop(30_000).then(() => {
      stopped = true
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(stopped).toBe(false)
    work.open()
    await stopping
    expect((await log.offsets(name, group))[0]?.committed).toBe(3)
  }),

  eventLogPromise('stops at the deadline when a batch hangs', async ({ log, topic, follow, until }) => {
    const name = await topic()
    await log.append(numbered(name, 3))
    const work = latch()
    const { records, consumption } = await follow(log, { topics: [name], handle: () => work.opened })
    await until('the batch is in work', () => records.length >= 3)
    const started = performance.now()
    await consumption.stop(300)
    const tookMs = performance.now() - started
    work.open()
    expect(tookMs).toBeGreaterThanOrEqual(250)
    expect(tookMs).toBeLessThan(10_000)
    await consumption.ended
  }),
]
