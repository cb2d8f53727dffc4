import type { ItemOutcome, Lane, MessageReceipt, Rejected } from '@dateline/contracts'
import { type NormalizedItem, normalize } from '@dateline/normalize'
import { type AppendRecord, headerText, type LogRecord } from '@dateline/ports'
import {
  type Feed,
  type Feeds,
  feedOfTopic,
  receiptPartitions,
  type StatelessWorker,
  type WorkerBatch,
  type WorkerResult,
} from '@dateline/runtime'
import { encodeParsedRecord, formatPosition, itemPosition } from '@dateline/story'

/** Wire messages in, parsed stories out. Everything that needs no memory happens in `normalize`; this says where its results go. */
export function normalizerWorker(lane: Lane, feeds: Pick<Feeds, 'get'>): StatelessWorker {
  return {
    name: lane === 'live' ? 'normalizer' : `normalizer-${lane}`,
    handle(batch) {
      const name = feedOfTopic(batch.topic) ?? batch.topic
      const feed = feeds.get(name) ?? { name, supplier: name.split('-')[0] ?? name }
      const results = batch.records.map((record) => normalizeRecord(record, batch, feed, lane))
      const receipts: AppendRecord = {
        topic: 'wire.receipts',
        partition: batch.partition % receiptPartitions,
        key: `${batch.topic}/${batch.partition}`,
        value: JSON.stringify({ writer: 'normalizer', messages: results.map((result) => result.receipt) }),
      }
      return {
        appends: [...results.flatMap((result) => result.appends), receipts],
        tally: results.flatMap((result) => result.tally),
        reading: {
          feed: name,
          unmapped: counted(results.flatMap((result) => result.unmapped)),
          flags: counted(results.flatMap((result) => result.flags)),
        },
      }
    },
  }
}

function counted(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

function normalizeRecord(record: LogRecord, batch: WorkerBatch, feed: Pick<Feed, 'name' | 'supplier'>, lane: Lane) {
  const position = formatPosition({
    topic: batch.topic,
    logId: batch.logId,
    partition: batch.partition,
    offset: record.offset,
  })
  const receivedAt = new Date(record.timeMs).toISOString()
  const contentType = headerText(record, 'content-type')
  const traceparent = headerText(record, 'traceparent')
  const reference = headerText(record, 'dateline-reference')
  const { items } = normalize({
    bytes: record.value ?? new Uint8Array(),
    feed,
    receivedAtMs: record.timeMs,
    position,
    lane,
    ...(contentType === undefined ? {} : { contentType }),
    ...(traceparent === undefined ? {} : { traceparent }),
  })
  const outcomes: ItemOutcome[] = []
  const appends: AppendRecord[] = []
  const unmapped: string[] = []
  const flags: string[] = []
  let isFirstReject = true
  items.forEach((item, index) => {
    if (item.kind === 'item') {
      if (item.unmapped !== undefined) unmapped.push(...item.unmapped)
      if (item.item.flags !== undefined) flags.push(...item.item.flags)
      appends.push({
        topic: 'stories.parsed',
        key: item.item.storyKey ?? feed.name,
        value: encodeParsedRecord(item.item, item.document),
      })
      return
    }
    const at = itemPosition(position, index)
    outcomes.push({
      position: at,
      attempt: '0',
      outcome: item.kind === 'reject' ? 'rejected' : 'ignored',
      reason: item.reason,
      detail: item.detail.slice(0, 2_000),
      receivedAt,
      feed: feed.name,
    })
    if (item.kind === 'reject') {
      const about = { position: items.length === 1 ? position : at, feed, receivedAt, contentType }
      appends.push(rejectedRecord(isFirstReject ? record : null, item, about))
      isFirstReject = false
    }
  })
  const receipt: MessageReceipt = {
    position,
    attempt: '0',
    feed: feed.name,
    receivedAt,
    items: items.length,
    outcomes,
    ...(reference === undefined ? {} : { reference: reference.slice(0, 200) }),
  }
  return { appends, receipt, unmapped, flags, tally: outcomes satisfies WorkerResult['tally'] }
}

/** The message's own bytes, once for all its rejected items, with what was wrong beside them. */
function rejectedRecord(
  record: LogRecord | null,
  item: Extract<NormalizedItem, { kind: 'reject' }>,
  at: {
    readonly position: string
    readonly feed: Pick<Feed, 'name' | 'supplier'>
    readonly receivedAt: string
    readonly contentType: string | undefined
  },
): AppendRecord {
  const rejected: Rejected = {
    position: at.position,
    feed: at.feed.name,
    supplier: at.feed.supplier,
    reason: item.reason,
    step: item.step,
    detail: item.detail.slice(0, 4_000),
    attempt: '0',
    receivedAt: at.receivedAt,
    writer: 'normalizer',
    ...(at.contentType === undefined ? {} : { contentType: at.contentType.slice(0, 200) }),
  }
  return {
    topic: 'wire.rejected',
    key: at.position,
    value: record === null ? null : (record.value ?? new Uint8Array()),
    headers: [['dateline-rejected', JSON.stringify(rejected)]],
  }
}
