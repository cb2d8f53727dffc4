import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { openKafkaEventLog } from './index.ts'
import { startFakeKafka } from './testing/fake-kafka.ts'

/**
 * Why this package has a producer of its own. Two partitions in one request; the one moves to the broker that has already answered for
 * the other. Should a version of kafkajs pass this, the decision can be looked at again (docs/adr).
 */
test("kafkajs' own producer acknowledges a record that is nowhere; ours does not", async () => {
  const kafka = await startFakeKafka({ nodes: 2, topics: { wire: 2 } })
  const moveAway = (): void => {
    kafka.partition('wire', 0).leader = 0
    kafka.onProduce = ({ partition }) => {
      if (partition !== 0) return null
      kafka.partition('wire', 0).leader = 1
      return kafka.seen.filter((one) => one.partition === 0).at(-1)?.node === 0 ? { kind: 'code', code: 6 } : null
    }
  }
  const log = await openKafkaEventLog({ brokers: kafka.brokers })
  const stored = async () => (await log.read('wire', 0, 0, { maxRecords: 10 })).map((record) => String(record.value))

  const theirs = new kafkajs.Kafka({ brokers: [...kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).producer({
    createPartitioner: () => (args) => args.message.partition ?? 0,
    idempotent: true,
  })
  await theirs.connect()
  moveAway()
  const acknowledged = await theirs.send({
    topic: 'wire',
    messages: [0, 1].map((partition) => ({ partition, key: 'k', value: 'by kafkajs' })),
  })
  expect(acknowledged).toMatchObject([{ topicName: 'wire', partition: 1, errorCode: 0 }])
  expect(await stored()).toEqual([])
  await theirs.disconnect()

  moveAway()
  const outcomes = await log.append([0, 1].map((partition) => ({ topic: 'wire', partition, key: 'k', value: 'by us' })))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'appended'])
  expect(await stored()).toEqual(['by us'])
  await log.close()
  await kafka.close()
})
