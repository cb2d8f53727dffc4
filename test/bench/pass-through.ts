/**
 * The floor to measure against: plain kafkajs, one consumer, one producer, nothing in between.
 * node test/bench/pass-through.ts '{"broker":"…","from":"wire.bench","to":"bench.out","count":20000}'
 */
import { Kafka, logLevel, type Message } from 'kafkajs'

const given = JSON.parse(process.argv[2] ?? '{}') as { broker: string; from: string; to: string; count: number }
const kafka = new Kafka({ brokers: [given.broker], clientId: 'pass-through', logLevel: logLevel.NOTHING })
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
const consumer = kafka.consumer({ groupId: `pass-through-${process.pid}`, maxWaitTimeInMs: 100 })
await producer.connect()
await consumer.connect()
await consumer.subscribe({ topics: [given.from], fromBeginning: true })
let startedMs = 0
let startCpu = process.cpuUsage()
let passed = 0
const done = Promise.withResolvers<void>()
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 4,
  eachBatch: async ({ batch, resolveOffset }) => {
    if (passed === 0) {
      startedMs = performance.now()
      startCpu = process.cpuUsage()
    }
    for (let at = 0; at < batch.messages.length; at += 100) {
      const messages: Message[] = batch.messages
        .slice(at, at + 100)
        .map(({ key, value }) => ({ key, value, partition: batch.partition }))
      await producer.send({ topic: given.to, acks: -1, messages })
      passed += messages.length
    }
    resolveOffset(batch.lastOffset())
    if (passed >= given.count) done.resolve()
  },
})
await done.promise
const { user, system } = process.cpuUsage(startCpu)
process.stdout.write(
  `${JSON.stringify({ seconds: (performance.now() - startedMs) / 1_000, cpuSeconds: (user + system) / 1e6, messages: passed })}\n`,
)
await consumer.disconnect()
await producer.disconnect()
