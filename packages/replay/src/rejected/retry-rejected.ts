import { hash } from 'node:crypto'
import type { ItemOutcome, MessageReceipt, Rejected } from '@dateline/contracts'
import type { NormalizedItem } from '@dateline/normalize'
import type { AppendRecord, Engines, LogRecord } from '@dateline/ports'
import { type Feeds, receiptPartitions } from '@dateline/runtime'
import { encodeParsedRecord, itemPosition, parsePosition } from '@dateline/story'
import { normalizeAgain } from '../normalize-again.ts'
import { readWire } from '../read-wire.ts'
import { messageOf, metaOf, type RejectedEntry, rejectedTopic } from './rejected-catalog.ts'
import { notesTopic, type RejectedNote } from './rejected-note.ts'

export interface RetryContext {
  readonly engines: Pick<Engines, 'log' | 'archive'>
  readonly feeds: Pick<Feeds, 'get'>
}

export interface RetryOptions {
  readonly by: string
  /** RFC 3339. */
  readonly at: string
  /** Looks, and appends nothing. */
  readonly isDryRun: boolean
}

/** What became of one. `gone`: its bytes are neither in the log nor in the archive any more. */
export interface RetryResult {
  readonly id: string
  readonly position: string
  readonly feed: string
  readonly result: 'accepted' | 'failed' | 'ignored' | 'gone'
  readonly tries: number
  /** Of a failure. */
  readonly reason?: string
  readonly detail?: string
}

/** The same for the same message and try: whoever retries it, and after whatever crash, the publisher sees one attempt. */
const retryId = (position: string): string => `rty_${hash('sha256', position).slice(0, 20)}`

/**
 * Takes rejected messages through the normalizer's function again. What it makes of them goes to `stories.parsed`, then the notes: a crash
 * between the two repeats items under the same attempt, which the publisher finds to be duplicates.
 */
export async function retryRejected(
  context: RetryContext,
  entries: readonly RejectedEntry[],
  options: RetryOptions,
): Promise<readonly RetryResult[]> {
  const { log } = context.engines
  const tries: Tried[] = []
  for (const entry of entries) {
    tries.push(await tryAgain(context, entry, options))
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (options.isDryRun) return tries.map(({ result }) => result)
  const appends = tries.flatMap((tried) => tried.appends)
  const outcomes = appends.length === 0 ? [] : await log.append(appends)
  const isTooLarge = new Set(appends.filter((_append, index) => outcomes[index]?.kind === 'too-large'))
  const told = tries.map((tried) =>
    tried.appends.some((append) => isTooLarge.has(append)) ? tooLarge(tried, options) : tried,
  )
  const notes = told.flatMap(({ note }) => (note === null ? [] : [noteRecord(note)]))
  if (notes.length > 0) await log.append(notes)
  return told.map(({ result }) => result)
}

export const noteRecord = (note: RejectedNote): AppendRecord => ({
  topic: notesTopic,
  partition: 0,
  key: note.position,
  value: JSON.stringify(note),
})

interface Tried {
  readonly appends: readonly AppendRecord[]
  readonly note: RejectedNote | null
  readonly result: RetryResult
}

async function tryAgain(context: RetryContext, entry: RejectedEntry, options: RetryOptions): Promise<Tried> {
  const { id, position, feed } = entry
  const tries = entry.tries + 1
  const about = { id, position, feed, tries }
  const message = await bytesOf(context.engines, entry)
  if (message === null) return { appends: [], note: null, result: { ...about, result: 'gone', tries: entry.tries } }
  const replayId = retryId(position)
  const attempt = `${replayId}.${tries}`
  const at = messageOf(position)
  const { items } = normalizeAgain(message, context.feeds, {
    position: at,
    attempt,
    replayId,
    contentType: entry.contentType,
  })
  const wanted = parsePosition(position)?.index ?? null
  const chosen = items.flatMap((item, index) => (wanted === null || wanted === index ? [{ item, index }] : []))
  const passed = chosen.flatMap(({ item }) => (item.kind === 'item' ? [item] : []))
  const rejects = chosen.flatMap(({ item, index }) => (item.kind === 'reject' ? [{ item, index }] : []))
  const receipt = receiptRecord(chosen, { at, feed, attempt, receivedAt: entry.receivedAt, count: items.length })
  const { by, at: now } = options
  if (passed.length === 0 && (rejects.length > 0 || chosen.length === 0)) {
    const reason = rejects[0]?.item.reason ?? 'no-story'
    const detail = (rejects[0]?.item.detail ?? 'the message holds no such item any more').slice(0, 2_000)
    return {
      appends: [receipt],
      note: { position, feed, action: 'failed', tries, attempt, reason, detail, by, at: now },
      result: { ...about, result: 'failed', reason, detail },
    }
  }
  return {
    appends: [
      ...passed.map(
        ({ item, document }): AppendRecord => ({
          topic: 'stories.parsed',
          key: item.storyKey ?? feed,
          value: encodeParsedRecord(item, document),
        }),
      ),
      // The message is read now, all but these: each is a rejected item of its own from here on.
      ...rejects.map(({ item, index }, nth) =>
        rejectedRecord(nth === 0 ? message : null, item, { at, index, attempt, entry }),
      ),
      receipt,
    ],
    note: { position, feed, action: 'retried', tries, attempt, by, at: now },
    result: { ...about, result: passed.length > 0 ? 'accepted' : 'ignored' },
  }
}

/** What does not fit into the topic would never do so: it is said, and counts as a try. */
function tooLarge(tried: Tried, { by, at }: RetryOptions): Tried {
  const { note, result } = tried
  const detail = 'the item is larger than stories.parsed takes'
  return {
    appends: [],
    note: note === null ? null : { ...note, action: 'failed', reason: 'too-large', detail, by, at },
    result: { ...result, result: 'failed', reason: 'too-large', detail },
  }
}

/** The first reject of a message holds the message itself, the others nothing; a publisher's holds the item. */
export async function bytesOf(engines: RetryContext['engines'], entry: RejectedEntry): Promise<LogRecord | null> {
  if (entry.writer === 'publisher') return readWire(engines, messageOf(entry.position))
  const record = await readRejected(engines.log, entry)
  const at = parsePosition(entry.position)
  if (record === null || at === null) return null
  if (record.value === null) return readWire(engines, messageOf(entry.position))
  return { ...record, ...at, timeMs: Date.parse(entry.receivedAt), headers: [] }
}

/** The record of `wire.rejected` itself; null when it is not kept any more. */
export async function readRejected(
  log: Engines['log'],
  { place, position }: Pick<RejectedEntry, 'place' | 'position'>,
): Promise<LogRecord | null> {
  const [record] = await log.read(rejectedTopic, place.partition, place.offset, { maxRecords: 1 })
  return record?.offset === place.offset && metaOf(record)?.position === position ? record : null
}

function receiptRecord(
  chosen: readonly { readonly item: NormalizedItem; readonly index: number }[],
  about: {
    readonly at: string
    readonly feed: string
    readonly attempt: string
    readonly receivedAt: string
    readonly count: number
  },
): AppendRecord {
  const { at, feed, attempt, receivedAt, count } = about
  const outcomes = chosen.flatMap(({ item, index }): ItemOutcome[] =>
    item.kind === 'item'
      ? []
      : [
          {
            position: itemPosition(at, index),
            attempt,
            outcome: item.kind === 'reject' ? 'rejected' : 'ignored',
            reason: item.reason,
            detail: item.detail.slice(0, 2_000),
            receivedAt,
            feed,
          },
        ],
  )
  const message: MessageReceipt = { position: at, attempt, feed, receivedAt, items: count, outcomes }
  const { topic, partition } = parsePosition(at) ?? { topic: '', partition: 0 }
  return {
    topic: 'wire.receipts',
    partition: partition % receiptPartitions,
    key: `${topic}/${partition}`,
    value: JSON.stringify({ writer: 'normalizer', messages: [message] }),
  }
}

function rejectedRecord(
  message: LogRecord | null,
  item: Extract<NormalizedItem, { kind: 'reject' }>,
  about: {
    readonly at: string
    readonly index: number
    readonly attempt: string
    readonly entry: RejectedEntry
  },
): AppendRecord {
  const { at, index, attempt, entry } = about
  const position = itemPosition(at, index)
  const rejected: Rejected = {
    position,
    feed: entry.feed,
    reason: item.reason,
    step: item.step,
    detail: item.detail.slice(0, 4_000),
    attempt,
    receivedAt: entry.receivedAt,
    writer: 'normalizer',
    ...(entry.contentType === undefined ? {} : { contentType: entry.contentType }),
  }
  return {
    topic: rejectedTopic,
    key: position,
    value: message === null ? null : (message.value ?? new Uint8Array()),
    headers: [['dateline-rejected', JSON.stringify(rejected)]],
  }
}
