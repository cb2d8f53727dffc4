import type { Consumption, EventLog } from '@dateline/ports'
import { createAdmin } from './admin.ts'
import { openCluster } from './cluster.ts'
import { consumeFrom, DEFAULT_SESSION_MS } from './consumer.ts'
import { asFault } from './faults.ts'
import type { KafkaOptions } from './kafka-options.ts'
import { partitionOffsets } from './offsets.ts'
import { createProducer } from './producer.ts'
import { readRecords } from './reader.ts'

const CLOSE_WITHIN_MS = 10_000

/**
 * The log on Apache Kafka (2.3 or later). Connects when it is first used. Bytes of records read are views into what was fetched:
 * copy what you keep for long.
 */
export async function openKafkaEventLog(options: KafkaOptions): Promise<EventLog> {
  const requestTimeoutMs = options.requestTimeoutMs ?? 15_000
  const log = options.log ?? (() => undefined)
  // Appends have their connections to themselves: a look-up in between would wait for replicas.
  const writing = openCluster(options)
  const asking = openCluster(options)
  const producer = createProducer(writing, { requestTimeoutMs, log })
  const admin = createAdmin(asking, producer, { replicationFactor: options.replicationFactor ?? null })

  const consumptions = new Set<Consumption>()

  return {
    append: (records) => producer.append(records),
    async consume(consumeOptions) {
      // A broker that hangs must be given up well before the session ends.
      const patienceMs = Math.max(5_000, (consumeOptions.sessionTimeoutMs ?? DEFAULT_SESSION_MS) / 2)
      const consuming = openCluster({ ...options, requestTimeoutMs: Math.min(requestTimeoutMs, patienceMs) })
      try {
        const consumption = await consumeFrom(consuming, { ...consumeOptions, log })
        consumptions.add(consumption)
        const gone = (): boolean => consumptions.delete(consumption)
        consumption.ended.then(gone, gone)
        return consumption
      } catch (error) {
        consuming.close()
        throw asFault(error, `consume ${consumeOptions.topics.join(', ')}`, options.brokers)
      }
    },
    read: (topic, partition, from, limits) =>
      told(`read ${topic}/${partition}`, readRecords(asking, topic, partition, from, limits)),
    offsets: (topic, group) => told(`tell the offsets of ${topic}`, partitionOffsets(asking, topic, group ?? null)),
    topics: (names) => told('tell its topics', admin.topics(names)),
    createTopic: (spec) => told(`create the topic ${spec.name}`, admin.createTopic(spec)),
    deleteTopic: (name) => told(`delete the topic ${name}`, admin.deleteTopic(name)),
    async close() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()))
      await producer.drained(CLOSE_WITHIN_MS)
      writing.close()
      asking.close()
    },
  }

  async function told<T>(doing: string, asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      throw asFault(error, doing, options.brokers)
    }
  }
}
