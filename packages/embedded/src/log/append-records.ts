import { type AppendOutcome, partitionOf } from '@dateline/ports'
import type { GroupContext, StoredTopic } from '../store/group-context.ts'
import { recordId, recordTable } from '../store/schema.ts'
import { numbersPerRecord, type PackedRecords } from './pack-records.ts'

/** Why nothing of an append can be written. */
export type Obstacle =
  | { readonly kind: 'no-topic'; readonly topic: string }
  | { readonly kind: 'no-partition'; readonly topic: string; readonly partition: number; readonly partitions: number }

export type AppendAnswer = { readonly kind: 'appended'; readonly outcomes: readonly AppendOutcome[] } | Obstacle

/** Writes all but what is too large, or nothing when a record has no topic or partition to go to. */
export function appendRecords(group: GroupContext, packed: PackedRecords, nowMs: number): AppendAnswer {
  const obstacle = obstacleTo(group, packed)
  if (obstacle !== null) return obstacle
  const topics = packed.topics.map((name) => group.topic(name) as StoredTopic)
  const outcomes: AppendOutcome[] = []
  const { layout, bytes } = packed
  let from = 0
  const take = (size: number): Uint8Array | null => {
    if (size < 0) return null
    from += size
    return bytes.subarray(from - size, from)
  }
  for (let at = 0; at < layout.length; at += numbersPerRecord) {
    const topic = topics[layout[at] ?? 0] as StoredTopic
    const headerSize = layout[at + 3] ?? 0
    const key = take(layout[at + 2] ?? -1)
    const headers = headerSize === 0 ? null : take(headerSize)
    const value = take(layout[at + 4] ?? -1)
    const size = sizeAt(layout, at)
    if (size > topic.maxMessageBytes) {
      outcomes.push({ kind: 'too-large', bytes: size, limitBytes: topic.maxMessageBytes })
      continue
    }
    const wanted = layout[at + 1] ?? -1
    const partition = wanted >= 0 ? wanted : partitionOf(key, topic.partitions)
    const offset = group.takeOffset(topic, partition)
    group
      .sql(`INSERT INTO ${recordTable(topic.id)} (id, time_ms, key, headers, value) VALUES (?, ?, ?, ?, ?)`)
      .run(recordId(partition, offset), nowMs, key, headers, value)
    outcomes.push({ kind: 'appended', partition, offset })
  }
  return { kind: 'appended', outcomes }
}

export function obstacleTo(group: GroupContext, { topics, layout }: PackedRecords): Obstacle | null {
  const missing = topics.find((name) => group.topic(name) === null)
  if (missing !== undefined) return { kind: 'no-topic', topic: missing }
  for (let at = 0; at < layout.length; at += numbersPerRecord) {
    const topic = topics[layout[at] ?? 0] ?? ''
    const partition = layout[at + 1] ?? -1
    const partitions = group.topic(topic)?.partitions ?? 0
    if (partition >= partitions) return { kind: 'no-partition', topic, partition, partitions }
  }
  return null
}

/** The first record that is larger than its topic takes. */
export function tooLargeIn(
  group: GroupContext,
  { topics, layout }: PackedRecords,
): { readonly topic: string; readonly bytes: number; readonly limitBytes: number } | null {
  for (let at = 0; at < layout.length; at += numbersPerRecord) {
    const topic = topics[layout[at] ?? 0] ?? ''
    const bytes = sizeAt(layout, at)
    const limitBytes = group.topic(topic)?.maxMessageBytes ?? Infinity
    if (bytes > limitBytes) return { topic, bytes, limitBytes }
  }
  return null
}

/** Bytes of key, headers and value. */
const sizeAt = (layout: Int32Array, at: number): number =>
  Math.max(0, layout[at + 2] ?? 0) + (layout[at + 3] ?? 0) + Math.max(0, layout[at + 4] ?? 0)
