import { type Batch, type EventLog, TransientFault } from '@dateline/ports'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRealBroker, type RealBroker } from './testing/real-broker.ts'

/** Looks again until it holds, also on a machine that is busy. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })

const { TEST_KAFKA } = process.env

/** What other senders, and Kafka itself, put into a log that Dateline reads. */
describe.skipIf(!TEST_KAFKA)('records that were not written by Dateline', { timeout: 90_000 }, () => {
  let broker: RealBroker
  let log: EventLog

  beforeAll(async () => {
    broker = await openRealBroker((TEST_KAFKA ?? '').split(','))
    log = broker.log
  })
  afterAll(() => broker.close())

  async function createForeign(stem: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const topic = broker.topic(stem)
    const admin = broker.other.admin()
    await admin.connect()
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: false })
    await eventually(async () => (await log.topics([topic])).length).toBe(1)
    await admin.disconnect()
    return topic
  }

  async function collect(topic: string, until: (batches: readonly Batch[]) => boolean): Promise<readonly Batch[]> {
    const batches: Batch[] = []
    const consumption = await log.consume({
      group: `${topic}-group`,
      topics: [topic],
      maxRecords: 7,
      handle: async (batch) => {
        batches.push(batch)
        await batch.commit(batch.next)
      },
    })
    await eventually(() => until(batches)).toBe(true)
    await consumption.stop()
    return batches
  }

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('are read when a broker compressed them with %s', async (codec) => {
    const topic = await createForeign(codec, { 'compression.type': codec })
    const values = Array.from(
      { length: 300 },
      (_, at) => `${at} `.repeat(1 + (at % 50)) + 'drie keer is scheepsrecht '.repeat(at % 7),
    )
    const large = Array.from({ length: 40_000 }, (_, at) => String((at * 7_919) % 10_007)).join(' ')
    await log.append(
      [...values, large].map((value, at) => ({ topic, key: `k${at}`, value, headers: [['h', `${at}`]] })),
    )
    const read = await log.read(topic, 0, 0, { maxRecords: 1_000, maxBytes: 8_000_000 })
    expect(read.map((record) => String(record.value))).toEqual([...values, large])
    expect(read.map((record) => String(record.headers[0]?.[1]))).toEqual(read.map((_, at) => String(at)))
    expect((await log.read(topic, 0, 200, { maxRecords: 1 })).map((record) => record.offset)).toEqual([200])
    const batches = await collect(topic, (some) => some.at(-1)?.next === 301)
    expect(batches.flatMap((batch) => batch.records.map((record) => record.offset))).toEqual(read.map((_, at) => at))
  })

  test('are read when kafkajs wrote them, with their own time', async () => {
    const topic = await createForeign('kafkajs')
    const producer = broker.other.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    const messages = Array.from({ length: 20 }, (_, at) => ({
      key: `k${at}`,
      value: at % 5 === 0 ? null : `v${at}`,
      timestamp: String(1_763_000_000_000 + at * 1_000),
      headers: { a: 'x', b: ['y', 'z'] },
    }))
    await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP })
    await producer.disconnect()
    const read = await log.read(topic, 0, 0, { maxRecords: 100 })
    expect(read.map((record) => record.value?.toString() ?? null)).toEqual(messages.map(({ value }) => value))
    expect(read.map((record) => record.timeMs)).toEqual(messages.map(({ timestamp }) => Number(timestamp)))
    expect(read[0]?.headers).toEqual([
      ['a', Buffer.from('x')],
      ['b', Buffer.from('y')],
      ['b', Buffer.from('z')],
    ])
  })

  test('are passed over when their transaction was aborted, and so are the marks of transactions', async () => {
    const topic = await createForeign('transactions')
    const producer = broker.other.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      transactionalId: `${topic}-tx`,
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    for (const [at, kind] of ['commit', 'abort', 'commit', 'abort'].entries()) {
      const transaction = await producer.transaction()
      await transaction.send({
        topic,
        messages: [
          { key: 'k', value: `${kind}${at}a` },
          { key: 'k', value: `${kind}${at}b` },
        ],
      })
      await (kind === 'commit' ? transaction.commit() : transaction.abort())
    }
    await producer.disconnect()
    const values = ['commit0a', 'commit0b', 'commit2a', 'commit2b']
    expect((await log.read(topic, 0, 0, { maxRecords: 100 })).map((record) => String(record.value))).toEqual(values)
    const batches = await collect(topic, (some) => some.flatMap((batch) => batch.records).length === 4)
    expect(batches.flatMap((batch) => batch.records.map((record) => String(record.value)))).toEqual(values)
    // Four transactions of two records and a mark each: the position is past all of it, so that the group does not seem to lag.
    await eventually(async () => (await log.offsets(topic, `${topic}-group`))[0]).toEqual({
      partition: 0,
      low: 0,
      high: 12,
      committed: 12,
    })
  })

  test('that were deleted before the group came to them are told as lost', async () => {
    const topic = await createForeign('deleted')
    await log.append(Array.from({ length: 10 }, (_, at) => ({ topic, key: 'k', value: `${at}` })))
    const group = `${topic}-group`
    const first = await log.consume({ group, topics: [topic], handle: (batch) => batch.commit(4) })
    await eventually(async () => (await log.offsets(topic, group))[0]?.committed).toBe(4)
    await first.stop()
    const admin = broker.other.admin()
    await admin.connect()
    // kafkajs 2.2.4 can only delete in a topic that it has asked for before, and then not at once.
    await admin.fetchTopicOffsets(topic)
    const deleteRecords = () => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '8' }] })
    await deleteRecords().catch(deleteRecords)
    await admin.disconnect()
    const told: unknown[] = []
    const second = await log.consume({
      group,
      topics: [topic],
      onRetentionLoss: (loss) => told.push(loss),
      handle: async (batch) => {
        told.push(batch.records.map((record) => record.offset))
        await batch.commit(batch.next)
      },
    })
    await eventually(() => told.length).toBe(2)
    await second.stop()
    expect(told).toEqual([{ topic, partition: 0, from: 4, to: 8 }, [8, 9]])
  })

  test('lie in a topic without a log id until `createTopic` adopts it', async () => {
    const topic = await createForeign('foreign')
    expect((await log.topics([topic]))[0]?.logId).toBe(null)
    const spec = { name: topic, partitions: 4, cleanup: 'delete', retentionMs: null, maxMessageBytes: 1_000 } as const
    const answers = await Promise.all([log.createTopic(spec), (await broker.another()).createTopic(spec)])
    const [one, two] = answers.map(({ created, info }) => ({ created, logId: info.logId, partitions: info.partitions }))
    expect(one).toEqual({ created: false, logId: expect.stringMatching(/^\w{8,}$/), partitions: 1 })
    expect(two).toEqual(one)
    expect((await (await broker.another()).topics([topic]))[0]?.logId).toBe(one?.logId)
  })

  test('do not stop two processes that make the same topic from agreeing on its log id', async () => {
    const topic = broker.topic('race')
    const spec = { name: topic, partitions: 2, cleanup: 'delete', retentionMs: null, maxMessageBytes: 1_000 } as const
    const logs = await Promise.all([1, 2, 3].map(() => broker.another()))
    const answers = await Promise.all(logs.map((one) => one.createTopic(spec)))
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(answers.map(({ info }) => info.logId)).size).toBe(1)
  })
})

test('a broker that is not there is a TransientFault that says what to do', async () => {
  const { log } = await openRealBroker(['127.0.0.1:1'])
  const error = await log.offsets('wire').catch((one: unknown) => one)
  expect(error).toBeInstanceOf(TransientFault)
  expect(String(error)).toMatch(/127\.0\.0\.1:1 does not answer .*Check that it runs/)
  await log.close()
})
