import type { LogRecord } from '@dateline/ports'
import type { Statements } from '../store/group-context.ts'
import { headId, partitionSpan, recordId, recordTable } from '../store/schema.ts'
import { unpackHeaders } from './pack-records.ts'

export interface Place {
  readonly topic: string
  readonly topicId: number
  readonly partition: number
}

export interface Found {
  readonly records: readonly LogRecord[]
  readonly low: number
  readonly high: number
  /** Past the last record found and whatever compaction removed behind it. */
  readonly next: number
}

/** Records from `from` on, up to the limits (one larger record comes alone); null when the topic is gone. */
export function readRecords(
  sql: Statements,
  place: Place,
  from: number,
  limits: { readonly maxRecords: number; readonly maxBytes: number },
): Found | null {
  const head = headOf(sql, place)
  if (head === null) return null
  const { low, high } = head
  if (from >= high) return { records: [], low, high, next: from }
  const records: LogRecord[] = []
  let bytes = 0
  const base = recordId(place.partition, 0)
  // A batch may fill before its byte limit: what lies beyond is not read, so a backlog of large records costs no more than small ones.
  const rows = sql(
    `SELECT id, time_ms, key, headers, value FROM ${recordTable(place.topicId)} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`,
  ).iterate(base + Math.max(low, from), base + partitionSpan, limits.maxRecords)
  for (const row of rows) {
    const record = recordOf(row, place, base)
    bytes += record.value?.length ?? 0
    if (records.length > 0 && bytes > limits.maxBytes) return { records, low, high, next: after(records, from) }
    records.push(record)
  }
  return { records, low, high, next: records.length < limits.maxRecords ? high : after(records, from) }
}

/** First and next offset of a partition; null when the topic is gone. */
export function headOf(sql: Statements, { topicId, partition }: Place): { low: number; high: number } | null {
  const row = sql('SELECT low, next FROM heads WHERE id = ?').get(headId(topicId, partition))
  return row ? { low: Number(row.low), high: Number(row.next) } : null
}

export function committedOf(sql: Statements, group: string, { topicId, partition }: Place): number | null {
  const row = sql('SELECT next FROM positions WHERE grp = ? AND topic_id = ? AND partition = ?').get(
    group,
    topicId,
    partition,
  )
  return row ? Number(row.next) : null
}

function recordOf(row: Record<string, unknown>, place: Place, base: number): LogRecord {
  return {
    topic: place.topic,
    partition: place.partition,
    offset: Number(row.id) - base,
    timeMs: Number(row.time_ms),
    key: bufferOf(row.key),
    value: bufferOf(row.value),
    headers: unpackHeaders(row.headers instanceof Uint8Array ? row.headers : null),
  }
}

/** The bytes as they are, without a copy. */
const bufferOf = (blob: unknown): Buffer | null =>
  blob instanceof Uint8Array ? Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength) : null

const after = (records: readonly LogRecord[], from: number): number => (records.at(-1)?.offset ?? from - 1) + 1
