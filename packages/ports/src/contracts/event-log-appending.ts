import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { EngineRefusal } from '../faults.ts'
import { partitionOf } from '../partition-of.ts'
import { eventLogPromise, numbered, numbers, valueText } from './event-log-bench.ts'
import { rejectionOf } from './waiting.ts'

export const appendingPromises = [
  eventLogPromise('acknowledged is durable: another connection reads it', async ({ log, another, topic }) => {
    const name = await topic()
    const outcomes = await log.append(numbered(name, 20))
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(numbers(20).map(() => 'appended'))
    const read = await (await another()).read(name, 0, 0, { maxRecords: 100 })
    expect(read.map(valueText)).toEqual(numbers(20))
  }),

  eventLogPromise('tells each record where it lies, in the order given', async ({ log, topic }) => {
    const name = await topic({ partitions: 4 })
    const records = numbers(40).map((value) => ({ topic: name, key: `key-${value}`, value }))
    const outcomes = await log.append(records)
    expect(outcomes).toHaveLength(40)
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.kind !== 'appended') throw new Error('a small record was not appended')
      const found = (await log.read(name, outcome.partition, outcome.offset, { maxRecords: 1 }))[0]
      expect(found).toMatchObject({ topic: name, partition: outcome.partition, offset: outcome.offset })
      expect(found && valueText(found)).toBe(records[at]?.value)
    }
  }),

  eventLogPromise('keeps the order within a key', async ({ log, topic }) => {
    const name = await topic({ partitions: 3 })
    for (let round = 0; round < 5; round++) {
      await log.append(
        numbers(60).map((at) => ({
          topic: name,
          key: `key-${Number(at) % 7}`,
          value: String(round * 60 + Number(at)),
        })),
      )
    }
    const perKey = new Map<string, number[]>()
    for (const partition of [0, 1, 2]) {
      for (const record of await log.read(name, partition, 0, { maxRecords: 1_000 })) {
        const key = String(record.key)
        perKey.set(key, [...(perKey.get(key) ?? []), Number(valueText(record))])
      }
    }
    expect([...perKey.values()].flat()).toHaveLength(300)
    for (const values of perKey.values()) expect(values).toEqual(values.toSorted((a, b) => a - b))
  }),

  eventLogPromise("puts a key where Kafka's own partitioner puts it", async ({ log, topic }) => {
    const name = await topic({ partitions: 5 })
    const keys = ['', 'a', 'anp:20251124-1', 'dpa:urn:newsml:dpa.com:1', 'sleutel-ë', 'abcdefgh', 'abcdefghi']
    const outcomes = await log.append(keys.map((key) => ({ topic: name, key, value: key })))
    expect(outcomes.map((outcome) => outcome.kind === 'appended' && outcome.partition)).toEqual(
      keys.map((key) => partitionOf(key, 5)),
    )
  }),

  eventLogPromise('puts a record where it is told to, and one without a key in partition 0', async ({ log, topic }) => {
    const name = await topic({ partitions: 4 })
    const outcomes = await log.append([
      { topic: name, partition: 3, key: 'a', value: 'x' },
      { topic: name, partition: 2, key: null, value: 'y' },
      { topic: name, key: null, value: 'z' },
    ])
    expect(outcomes.map((outcome) => outcome.kind === 'appended' && outcome.partition)).toEqual([3, 2, 0])
  }),

  eventLogPromise('keeps every byte of key, value and headers', async ({ log, topic }) => {
    const name = await topic()
    const allBytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
    const large = randomBytes(200_000)
    await log.append([
      { topic: name, key: allBytes, value: allBytes, headers: [['bytes', allBytes]] },
      { topic: name, key: 'sleutel-ë-鍵', value: 'Oekraïne – “наступ” 🗞' },
      { topic: name, key: '', value: '' },
      { topic: name, key: null, value: large },
    ])
    const read = await log.read(name, 0, 0, { maxRecords: 10 })
    expect(read.map((record) => record.key)).toEqual([allBytes, Buffer.from('sleutel-ë-鍵'), Buffer.alloc(0), null])
    expect(read.map((record) => record.value)).toEqual([
      allBytes,
      Buffer.from('Oekraïne – “наступ” 🗞'),
      Buffer.alloc(0),
      large,
    ])
    expect(read[0]?.headers).toEqual([['bytes', allBytes]])
    expect(read[1]?.headers).toEqual([])
  }),

  eventLogPromise('keeps headers that repeat a name, in their order, and empty ones', async ({ log, topic }) => {
    const name = await topic()
    const headers = [
      ['ce_id', 'evt_1'],
      ['hop', 'first'],
      ['hop', 'second'],
      ['hop', Buffer.from([0xff, 0x00, 0xfe])],
      ['empty', ''],
    ] as const
    await log.append([{ topic: name, key: 'k', value: 'v', headers }])
    const expected = headers.map(([header, value]) => [header, Buffer.from(value)])
    expect((await log.read(name, 0, 0, { maxRecords: 1 }))[0]?.headers).toEqual(expected)
  }),

  eventLogPromise('tells a tombstone from an empty value', async ({ log, topic }) => {
    const name = await topic()
    await log.append([
      { topic: name, key: 'k', value: null, headers: [['why', 'gone']] },
      { topic: name, key: 'k', value: '' },
    ])
    const read = await log.read(name, 0, 0, { maxRecords: 10 })
    expect(read.map((record) => record.value)).toEqual([null, Buffer.alloc(0)])
    expect(read[0]?.headers).toEqual([['why', Buffer.from('gone')]])
  }),

  eventLogPromise(
    "sets the record's time itself, the same for every reader",
    async ({ log, another, topic, follow, until }) => {
      const name = await topic()
      const before = Date.now()
      await log.append(numbered(name, 3))
      const after = Date.now()
      const times = (await log.read(name, 0, 0, { maxRecords: 10 })).map((record) => record.timeMs)
      expect(times).toHaveLength(3)
      // The broker may stand on another machine: its clock is allowed to differ a little.
      for (const time of times) expect(time > before - 10_000 && time < after + 10_000).toBe(true)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      const reader = await another()
      expect((await reader.read(name, 0, 0, { maxRecords: 10 })).map((record) => record.timeMs)).toEqual(times)
      const { records } = await follow(reader, { topics: [name], group: null })
      await until('all came', () => records.length >= 3)
      expect(records.map((record) => record.timeMs)).toEqual(times)
    },
  ),

  eventLogPromise('says what is too large and appends its neighbours', async ({ log, topic }) => {
    const name = await topic({ maxMessageBytes: 10_000 })
    const other = await topic()
    const large = randomBytes(50_000)
    const outcomes = await log.append([
      { topic: name, key: 'k', value: 'before' },
      { topic: name, key: 'k', value: large },
      { topic: name, key: 'k', value: 'after' },
      { topic: other, key: 'k', value: large },
      { topic: name, key: 'k', value: randomBytes(9_000) },
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'appended',
      'too-large',
      'appended',
      'appended',
      'appended',
    ])
    const refused = outcomes[1]
    if (refused?.kind !== 'too-large') throw new Error('unreachable')
    expect(refused.limitBytes).toBe(10_000)
    expect(refused.bytes).toBeGreaterThanOrEqual(50_000)
    const read = await log.read(name, 0, 0, { maxRecords: 10 })
    expect(read.slice(0, 2).map(valueText)).toEqual(['before', 'after'])
    expect(read).toHaveLength(3)
  }),

  eventLogPromise('appends nothing for an empty append', async ({ log }) => {
    expect(await log.append([])).toEqual([])
  }),

  eventLogPromise('refuses a topic that does not exist, for good', async ({ log, topic }) => {
    const name = await topic()
    const missing = `${name}-missing`
    expect(await rejectionOf(log.append([{ topic: missing, key: 'k', value: 'v' }]))).toBeInstanceOf(EngineRefusal)
    expect(await log.topics([missing])).toEqual([])
  }),
]
