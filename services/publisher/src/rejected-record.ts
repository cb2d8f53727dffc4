import type { ItemOutcome, Rejected, RejectReason } from '@dateline/contracts'
import type { AppendRecord, LogRecord } from '@dateline/ports'
import type { Published } from './publish.ts'

/** Room for the record's own header and key below the 16 MB of the topic. */
const mostBytes = 15_000_000
const itemPosition = /^[A-Za-z0-9._-]+@[A-Za-z0-9_-]+\/[0-9]+\/[0-9]+#[0-9]+$/

export interface Rejection {
  readonly reason: RejectReason
  readonly step: string
  readonly detail: string
  /** The line as far as it could be read. */
  readonly line: unknown
  readonly position: string
  readonly logTime: string
}

/** The record as it came goes to `wire.rejected`; its bytes on the wire are found by position. Where the item can be told, it has its outcome. */
export function rejectedRecord(record: LogRecord, { reason, step, detail, line, ...at }: Rejection): Published {
  const { item, feed, position, attempt, receivedAt } = aboutItem(line, at)
  const rejected: Rejected = {
    position,
    feed,
    reason,
    step,
    detail: detail.slice(0, 4_000),
    attempt,
    receivedAt,
    writer: 'publisher',
  }
  const outcome: ItemOutcome = {
    position,
    attempt,
    outcome: 'rejected',
    reason,
    detail: detail.slice(0, 2_000),
    receivedAt,
    feed,
  }
  const append: AppendRecord = {
    topic: 'wire.rejected',
    key: position,
    value: record.value === null ? new Uint8Array() : record.value.subarray(0, mostBytes),
    headers: [['dateline-rejected', JSON.stringify(rejected)]],
  }
  return { appends: [append], changes: [], outcome: item ? outcome : null, told: outcome }
}

/** What stands in a line that may be anything. */
function aboutItem(line: unknown, { position, logTime }: Pick<Rejection, 'position' | 'logTime'>) {
  const fields = (typeof line === 'object' && line !== null ? line : {}) as Readonly<Record<string, unknown>>
  const isItem = fields.kind === 'item' && typeof fields.position === 'string' && itemPosition.test(fields.position)
  const attempt = typeof fields.attempt === 'string' ? fields.attempt.slice(0, 120) : '0'
  const isFeed = typeof fields.feed === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(fields.feed)
  const isTime = typeof fields.receivedAt === 'string' && !Number.isNaN(Date.parse(fields.receivedAt))
  return {
    item: isItem,
    position: isItem ? (fields.position as string) : position,
    feed: isFeed ? (fields.feed as string).slice(0, 80) : 'unknown',
    attempt,
    receivedAt: isTime ? (fields.receivedAt as string) : logTime,
  }
}
