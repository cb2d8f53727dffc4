import type { TopicInfo, TopicSpec } from '@dateline/ports'
import type { GroupContext, Row } from '../store/group-context.ts'
import { headId, mostPartitions, recordTable, recordTableDdl } from '../store/schema.ts'

export const topicColumns = 'id, name, log_id, partitions, cleanup, retention_ms, max_message_bytes'

export const topicInfo = (row: Row): TopicInfo => ({
  name: String(row.name),
  partitions: Number(row.partitions),
  logId: String(row.log_id),
  maxMessageBytes: Number(row.max_message_bytes),
  cleanup: row.cleanup === 'compact' ? 'compact' : 'delete',
  retentionMs: row.retention_ms === null ? null : Number(row.retention_ms),
})

/** Makes the topic with that log id, or answers with the one there is. */
export function createTopic(
  group: GroupContext,
  { spec, logId }: { readonly spec: TopicSpec; readonly logId: string },
): { readonly created: boolean; readonly info: TopicInfo } | 'too-many-partitions' {
  const find = group.sql(`SELECT ${topicColumns} FROM topics WHERE name = ?`)
  const known = find.get(spec.name)
  if (known) return { created: false, info: topicInfo(known as Row) }
  if (spec.partitions > mostPartitions) return 'too-many-partitions'
  const { lastInsertRowid } = group
    .sql(
      `INSERT INTO topics (name, log_id, partitions, cleanup, retention_ms, max_message_bytes) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(spec.name, logId, spec.partitions, spec.cleanup, spec.retentionMs, spec.maxMessageBytes)
  const id = Number(lastInsertRowid)
  group.exec(recordTableDdl(id, spec.cleanup === 'compact'))
  const addHead = group.sql('INSERT INTO heads (id, low, next, compacted_to) VALUES (?, 0, 0, 0)')
  for (let partition = 0; partition < spec.partitions; partition++) addHead.run(headId(id, partition))
  group.membershipChanged()
  return { created: true, info: topicInfo(find.get(spec.name) as Row) }
}

/** Removes the topic with its records, its positions and the leases on it. */
export function deleteTopic(group: GroupContext, { name }: { readonly name: string }): void {
  const topic = group.topic(name)
  if (topic === null) return
  group.exec(`DROP TABLE ${recordTable(topic.id)}`)
  group.sql('DELETE FROM heads WHERE id >= ? AND id < ?').run(headId(topic.id, 0), headId(topic.id + 1, 0))
  group.sql('DELETE FROM topics WHERE id = ?').run(topic.id)
  group.sql('DELETE FROM positions WHERE topic_id = ?').run(topic.id)
  group.sql('DELETE FROM leases WHERE topic_id = ?').run(topic.id)
  group.membershipChanged()
}
