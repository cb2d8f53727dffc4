import { randomBytes } from 'node:crypto'
import { type Consumption, EngineRefusal, type EventLog } from '@dateline/ports'
import type { Row } from '../store/group-context.ts'
import type { Store } from '../store/store.ts'
import type { Obstacle } from './append-records.ts'
import { consume } from './consume.ts'
import { type PackedRecords, packRecords } from './pack-records.ts'
import { committedOf, headOf, readRecords } from './read-records.ts'
import { topicColumns, topicInfo } from './topic-operations.ts'

const readAtMostBytes = 16 * 1_048_576

/** The log in the store; closing it leaves the store open. */
export function eventLogOn(store: Store): EventLog {
  const consumptions = new Set<Consumption>()

  const topicOf = (name: string): { topicId: number; partitions: number } => {
    const row = store.read('log', (sql) => sql('SELECT id, partitions FROM topics WHERE name = ?').get(name))
    if (!row) throw new EngineRefusal('log', noTopic(name))
    return { topicId: Number(row.id), partitions: Number(row.partitions) }
  }

  return {
    async append(records) {
      if (records.length === 0) return []
      const packed = packRecords(records)
      const answer = await store.run('append', { packed, nowMs: store.nowMs() }, transferOf(packed))
      if (answer.kind !== 'appended') throw refusalOf(answer)
      return answer.outcomes
    },

    async consume(options) {
      const consumption = await consume(store, options)
      consumptions.add(consumption)
      const forget = () => consumptions.delete(consumption)
      consumption.ended.then(forget, forget)
      return consumption
    },

    async read(topic, partition, from, { maxRecords, maxBytes = readAtMostBytes }) {
      const { topicId } = topicOf(topic)
      const found = store.read('log', (sql) =>
        readRecords(sql, { topic, topicId, partition }, from, { maxRecords, maxBytes }),
      )
      return found?.records ?? []
    },

    async offsets(topic, group) {
      const { topicId, partitions } = topicOf(topic)
      return store.read('log', (sql) =>
        Array.from({ length: partitions }, (_, partition) => {
          const place = { topic, topicId, partition }
          const head = headOf(sql, place) ?? { low: 0, high: 0 }
          return { partition, ...head, committed: group === undefined ? null : committedOf(sql, group, place) }
        }),
      )
    },

    async topics(names) {
      const rows = store.read('log', (sql) => sql(`SELECT ${topicColumns} FROM topics ORDER BY name`).all())
      const all = rows.map((row) => topicInfo(row as Row))
      return names === undefined ? all : all.filter((info) => names.includes(info.name))
    },

    async createTopic(spec) {
      const made = await store.run('createTopic', { spec, logId: `log_${randomBytes(9).toString('base64url')}` })
      if (made === 'too-many-partitions') {
        throw new EngineRefusal(
          'log',
          `${spec.name} asks for ${spec.partitions} partitions: the embedded log has up to 8,192 a topic`,
        )
      }
      return made
    },

    async deleteTopic(name) {
      await store.run('deleteTopic', { name })
    },

    async close() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop(5_000)))
    },
  }
}

export const transferOf = (packed: PackedRecords): ArrayBuffer[] => [packed.layout.buffer, packed.bytes.buffer]

export function refusalOf(answer: Obstacle): EngineRefusal {
  if (answer.kind === 'no-topic') return new EngineRefusal('log', noTopic(answer.topic))
  const { topic, partition, partitions } = answer
  return new EngineRefusal('log', `${topic} has ${partitions} partitions and no partition ${partition}`)
}

const noTopic = (name: string): string => `There is no topic ${name}: create it first (dateline topics apply)`
