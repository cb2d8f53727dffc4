import { randomBytes } from 'node:crypto'
import type { EventLog } from '@dateline/ports'
import kafkajs from 'kafkajs'
import { openKafkaEventLog } from '../index.ts'

/** What a test on a real broker works with; `close` deletes the topics it made. */
export interface RealBroker {
  readonly log: EventLog
  /** kafkajs as others use it: for what Dateline itself never does to a log. */
  readonly other: kafkajs.Kafka
  another(): Promise<EventLog>
  /** A topic name of this run's own. */
  topic(stem: string): string
  close(): Promise<void>
}

export async function openRealBroker(brokers: readonly string[]): Promise<RealBroker> {
  const opened: EventLog[] = []
  const topics: string[] = []
  const another = async (): Promise<EventLog> => {
    const log = await openKafkaEventLog({ brokers })
    opened.push(log)
    return log
  }
  const log = await another()
  return {
    log,
    other: new kafkajs.Kafka({ brokers: [...brokers], clientId: 'other', logLevel: kafkajs.logLevel.NOTHING }),
    another,
    topic(stem) {
      const name = `${stem}-${randomBytes(6).toString('hex')}`
      topics.push(name)
      return name
    },
    async close() {
      const there = (await log.topics(topics)).map(({ name }) => name)
      for (const name of there) await log.deleteTopic(name)
      await Promise.all(opened.map((one) => one.close()))
    },
  }
}
