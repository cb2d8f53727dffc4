import { type AppendOutcome, partitionOf } from '@dateline/ports'
import type { GroupContext, StoredTopic } from '../store/group-context.ts'
import { recordId, recordTable } from '../store/schema.ts'
import { numbersPerRecord, type PackedRecords } from './pack-records.ts'

export type AppendAnswer =
  | { readonly kind: 'appended'; readonly outcomes: readonly AppendOutcome[] }
  | { readonly kind: 'no-topic'; readonly topic: string }
  | { readonly kind: 'no-partition'; readonly topic: string; readonly partition: number; readonly partitions: number }

/** Writes nothing unless every record has a topic and a partition to go to. */
export function appendRecords(group: GroupContext, packed: PackedRecords, nowMs: number): AppendAnswer {
  const topics: StoredTopic[] = []
  for (const name of packed.topics) {
    const topic = group.topic(name)
    if (topic === null) return { kind: 'no-topic', topic: name }
    topics.push(topic)
  }
  const { layout } = packed
  for (let at = 0; at < layout.length; at += numbersPerRecord) {
    const topic = topics[layout[at] ?? 0]
    const partition = layout[at + 1] ?? -1
    if (topic && partition >= topic.partitions) {
      return { kind: 'no-partition', topic: topic.name, partition, partitions: topic.partitions }
    }
  }
  const outcomes: AppendOutcome[] = []
  forEachRecord(packed, (topicAt, wanted, key, headers, value) => {
    const topic = topics[topicAt] as StoredTopic
    const bytes = (key?.length ?? 0) + (headers?.length ?? 0) + (value?.length ?? 0)
    if (bytes > topic.maxMessageBytes) {
      outcomes.push({ kind: 'too-large', bytes, limitBytes: topic.maxMessageBytes })
      return
    }
    const partition = wanted >= 0 ? wanted : partitionOf(key, topic.partitions)
    const offset = group.takeOffsets(topic, partition, 1)
    group
      .sql(`INSERT INTO ${recordTable(topic.id)} (id, time_ms, key, headers, value) VALUES (?, ?, ?, ?, ?)`)
      .run(recordId(partition, offset), nowMs, key, headers, value)
    outcomes.push({ kind: 'appended', partition, offset })
  })
  return { kind: 'appended', outcomes }
}

/** The records that are larger than their topic takes; their topics exist. */
export function tooLargeRecords(
  group: GroupContext,
  packed: PackedRecords,
): { topic: string; bytes: number; limitBytes: number }[] {
  const found: { topic: string; bytes: number; limitBytes: number }[] = []
  const { layout } = packed
  for (let at = 0; at < layout.length; at += numbersPerRecord) {
    const topic = group.topic(packed.topics[layout[at] ?? 0] ?? '')
    const bytes = Math.max(0, layout[at + 2] ?? 0) + (layout[at + 3] ?? 0) + Math.max(0, layout[at + 4] ?? 0)
    if (topic && bytes > topic.maxMessageBytes)
      found.push({ topic: topic.name, bytes, limitBytes: topic.maxMessageBytes })
  }
  return found
}

function forEachRecord(
  packed: PackedRecords,
  visit: (
    topicAt: number,
    partition: number,
    key: Uint8Array | null,
    headers: Uint8Array | null,
    value: Uint8Array | null,
  ) => void,
): void {
  const { layout, bytes } = packed
  let from = 0
  const take = (size: number): Uint8Array | null => {
    if (size < 0) return null
    from += size
    return bytes.subarray(from - size, from)
  }
  for (let at = 0; at < layout.length; at += numbersPerRecord) {
    const key = take(layout[at + 2] ?? -1)
    const headerSize = layout[at + 3] ?? 0
    const headers = headerSize === 0 ? null : take(headerSize)
    visit(layout[at] ?? 0, layout[at + 1] ?? -1, key, headers, take(layout[at + 4] ?? -1))
  }
}
