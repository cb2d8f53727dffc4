import { expect } from 'vitest'
import { eventLogPromise, numbered, topicSpec, valueText } from './event-log-bench.ts'
import { uniqueName } from './scope.ts'

export const topicPromises = [
  eventLogPromise(
    'creates a topic once and gives it a log id that every reader sees',
    async ({ log, another, topic }) => {
      const name = await topic({ partitions: 3, maxMessageBytes: 123_456, retentionMs: 7_200_000 })
      const [info] = await log.topics([name])
      expect(info).toMatchObject({
        name,
        partitions: 3,
        maxMessageBytes: 123_456,
        retentionMs: 7_200_000,
        cleanup: 'delete',
      })
      expect(info?.logId).toMatch(/^[A-Za-z0-9._=-]{8,200}$/)
      const again = await log.createTopic(topicSpec({ name, partitions: 9 }))
      expect(again.created).toBe(false)
      expect(again.info).toMatchObject({ partitions: 3, logId: info?.logId })
      expect(await (await another()).topics([name])).toEqual([info])
    },
  ),

  eventLogPromise('says that it created what it created', async ({ log, topic }) => {
    const name = await topic()
    const fresh = uniqueName('contract')
    const made = await log.createTopic(topicSpec({ name: fresh, cleanup: 'compact', retentionMs: null, partitions: 2 }))
    try {
      expect(made.created).toBe(true)
      expect(made.info).toMatchObject({ name: fresh, cleanup: 'compact', retentionMs: null, partitions: 2 })
      expect(made.info.logId).not.toBe((await log.topics([name]))[0]?.logId)
    } finally {
      await log.deleteTopic(fresh)
    }
  }),

  eventLogPromise('lists the topics there are, and of those named the ones that exist', async ({ log, topic }) => {
    const first = await topic()
    const second = await topic({ cleanup: 'compact' })
    const unasked = await topic()
    const named = await log.topics([second, uniqueName('contract-missing'), first])
    expect(named.map((info) => info.name).toSorted()).toEqual([first, second].toSorted())
    const all = (await log.topics()).map((info) => info.name)
    expect(all).toEqual(expect.arrayContaining([first, second, unasked]))
  }),

  eventLogPromise(
    'gives a deleted and recreated topic another log id and no records',
    async ({ log, topic, until }) => {
      const name = await topic()
      await log.append(numbered(name, 5))
      const before = (await log.topics([name]))[0]?.logId
      await log.deleteTopic(name)
      await until('the topic is gone', async () => (await log.topics([name])).length === 0)
      const { created, info } = await log.createTopic(topicSpec({ name }))
      expect(created).toBe(true)
      expect(info.logId).toBeTruthy()
      expect(info.logId).not.toBe(before)
      expect(await log.offsets(name)).toEqual([{ partition: 0, low: 0, high: 0, committed: null }])
      await log.append([{ topic: name, key: 'k', value: 'new' }])
      expect((await log.read(name, 0, 0, { maxRecords: 10 })).map(valueText)).toEqual(['new'])
    },
  ),

  eventLogPromise(
    "tells low, high and the group's position per partition",
    async ({ log, another, topic, follow, until }) => {
      const name = await topic({ partitions: 2 })
      const group = uniqueName('contract-group')
      const empty = { low: 0, high: 0, committed: null }
      expect(await log.offsets(name, group)).toEqual([
        { partition: 0, ...empty },
        { partition: 1, ...empty },
      ])
      await log.append(numbered(name, 5, { partition: 1 }))
      const { records, consumption } = await follow(log, {
        topics: [name],
        group,
        handle: (batch) => batch.commit(3),
      })
      await until('all is consumed', () => records.length >= 5)
      await consumption.stop()
      const expected = [
        { partition: 0, ...empty },
        { partition: 1, low: 0, high: 5, committed: 3 },
      ]
      expect(await log.offsets(name, group)).toEqual(expected)
      expect(await (await another()).offsets(name, group)).toEqual(expected)
      expect((await log.offsets(name))[1]).toEqual({ partition: 1, low: 0, high: 5, committed: null })
    },
  ),

  eventLogPromise('reads on demand from a position, oldest first, within the limits', async ({ log, topic }) => {
    const name = await topic()
    await log.append(numbered(name, 30, { headers: [['pad', Buffer.alloc(10)]] }))
    const some = await log.read(name, 0, 10, { maxRecords: 5 })
    expect(some.map((record) => record.offset)).toEqual([10, 11, 12, 13, 14])
    expect(some.map(valueText)).toEqual(['10', '11', '12', '13', '14'])
    expect(await log.read(name, 0, 28, { maxRecords: 50 })).toHaveLength(2)
    expect(await log.read(name, 0, 30, { maxRecords: 50 })).toEqual([])
    await log.append([
      { topic: name, key: 'k', value: Buffer.alloc(40_000) },
      { topic: name, key: 'k', value: Buffer.alloc(40_000) },
    ])
    const oneLarge = await log.read(name, 0, 30, { maxRecords: 50, maxBytes: 10_000 })
    expect(oneLarge.map((record) => record.offset)).toEqual([30])
  }),
]
