import type { GroupContext, Row } from '../store/group-context.ts'
import { headId, recordId, recordTable } from '../store/schema.ts'

const tombstonesKeptMs = 24 * 3_600_000
const endedJobsKeptMs = 24 * 3_600_000
const failedJobsKeptMs = 7 * 24 * 3_600_000

/**
 * Deletes some of what may go: records older than their topic keeps them, older records of a key in compacted topics, expired state,
 * jobs long done. True when there may be more; a call is short, so that appends never wait long behind it.
 */
export function sweep(group: GroupContext, input: { readonly nowMs: number; readonly most: number }): boolean {
  const isRowLeft = sweepRows(group, input)
  return sweepTopics(group, input) || isRowLeft
}

function sweepRows({ sql }: GroupContext, { nowMs, most }: { nowMs: number; most: number }): boolean {
  const expired = sql(
    `DELETE FROM state WHERE (partition, key) IN (SELECT partition, key FROM state WHERE expires_ms < ? LIMIT ?)`,
  ).run(nowMs, most)
  const ended = sql(
    `DELETE FROM jobs WHERE ordinal IN (SELECT ordinal FROM jobs WHERE ended_ms IS NOT NULL
       AND ended_ms < CASE status WHEN 'failed' THEN ? ELSE ? END LIMIT ?)`,
  ).run(nowMs - failedJobsKeptMs, nowMs - endedJobsKeptMs, most)
  return Number(expired.changes) === most || Number(ended.changes) === most
}

function sweepTopics(group: GroupContext, { nowMs, most }: { nowMs: number; most: number }): boolean {
  let left = most
  for (const topic of group.sql('SELECT id, partitions, cleanup, retention_ms FROM topics').all() as Row[]) {
    for (let partition = 0; partition < Number(topic.partitions); partition++) {
      const id = Number(topic.id)
      left -=
        topic.cleanup === 'compact'
          ? compact(group, id, partition, left)
          : topic.retention_ms === null
            ? 0
            : retain(group, id, partition, nowMs - Number(topic.retention_ms), left)
      if (left <= 0) return true
    }
    if (topic.cleanup === 'compact') forgetTombstones(group, topic, nowMs)
  }
  return false
}

/** Drops the oldest records up to the first one young enough; moves low. Answers how many it looked at. */
function retain(group: GroupContext, topicId: number, partition: number, before: number, most: number): number {
  const { low, next } = headOf(group, topicId, partition)
  if (low === next) return 0
  const rows = group
    .sql(`SELECT id, time_ms FROM ${recordTable(topicId)} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`)
    .all(recordId(partition, low), recordId(partition + 1, 0), most)
  const young = rows.findIndex((row) => Number(row.time_ms) >= before)
  if (young === 0) return 0
  const last = rows.at(young < 0 ? -1 : young - 1)
  const newLow = last === undefined ? next : Number(last.id) - recordId(partition, 0) + 1
  group
    .sql(`DELETE FROM ${recordTable(topicId)} WHERE id >= ? AND id < ?`)
    .run(recordId(partition, 0), recordId(partition, newLow))
  group.sql('UPDATE heads SET low = ? WHERE id = ?').run(newLow, headId(topicId, partition))
  return rows.length
}

/** For each record not looked at yet: drops the earlier ones of its key. Answers how many it looked at. */
function compact(group: GroupContext, topicId: number, partition: number, most: number): number {
  const { compactedTo, next } = headOf(group, topicId, partition)
  if (compactedTo === next) return 0
  const rows = group
    .sql(`SELECT id, key FROM ${recordTable(topicId)} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`)
    .all(recordId(partition, compactedTo), recordId(partition + 1, 0), most)
  const dropEarlier = group.sql(`DELETE FROM ${recordTable(topicId)} WHERE key = ? AND id < ? AND id >= ?`)
  for (const row of rows) dropEarlier.run(row.key as Uint8Array | null, Number(row.id), recordId(partition, 0))
  const last = rows.at(-1)
  const done = rows.length < most || last === undefined ? next : Number(last.id) - recordId(partition, 0) + 1
  group.sql('UPDATE heads SET compacted_to = ? WHERE id = ?').run(done, headId(topicId, partition))
  return rows.length
}

/** Nulls a day old that nothing older hides behind; never the last record, whose offset the readers' positions end at. */
function forgetTombstones(group: GroupContext, topic: Row, nowMs: number): void {
  const table = recordTable(Number(topic.id))
  for (let partition = 0; partition < Number(topic.partitions); partition++) {
    const { compactedTo } = headOf(group, Number(topic.id), partition)
    group
      .sql(`DELETE FROM ${table} WHERE value IS NULL AND time_ms < ? AND id >= ? AND id < ?`)
      .run(nowMs - tombstonesKeptMs, recordId(partition, 0), recordId(partition, Math.max(0, compactedTo - 1)))
  }
}

function headOf({ sql }: GroupContext, topicId: number, partition: number) {
  const row = sql('SELECT low, next, compacted_to FROM heads WHERE id = ?').get(headId(topicId, partition))
  return {
    low: Number(row?.low ?? 0),
    next: Number(row?.next ?? 0),
    compactedTo: Number(row?.compacted_to ?? 0),
  }
}
