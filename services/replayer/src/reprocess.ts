import type { Item, StoryState } from '@dateline/contracts'
import { type AppendRecord, type EventLog, partitionOf, TransientFault } from '@dateline/ports'
import { normalizeAgain, type Replay } from '@dateline/replay'
import { feedOfTopic, type ServiceContext, storyPartitions } from '@dateline/runtime'
import { encodeParsedRecord, itemPosition, parsePosition } from '@dateline/story'
import { diffDocuments } from './diff-documents.ts'
import { findEvent } from './find-event.ts'
import { type Judgement, judgeItem } from './judge-item.ts'
import type { PhaseDraft } from './phase-draft.ts'
import { createReceiptReader } from './receipt-reader.ts'
import type { SourceBatch, SourceRecord } from './replay-source.ts'

/** An item that the publisher is to have. */
export interface ToSend {
  readonly append: AppendRecord
  readonly feed: string
  readonly bytes: number
}

/** An item that the present code makes of a message, and the story it belongs to. */
interface Candidate {
  readonly item: Item
  readonly document: string
  readonly feed: string
  /** Of `stories.parsed`. */
  readonly partition: number
  /** Absent for an item without a supplier's id that no receipt knows a story of. */
  readonly storyKey: string | undefined
  readonly isNameless: boolean
  /** Rejected when it came. */
  readonly wasRejected: boolean
}

const mostOverlaid = 50_000

/**
 * Batches of wire messages through the present code, compared with the state of each story: counts and examples go to the draft, and what
 * would change comes back. What an earlier item of the same replay would change is remembered, as the publisher would.
 */
export function createReprocessor(context: Pick<ServiceContext, 'engines' | 'feeds'>, replay: Replay) {
  const { engines, feeds } = context
  const attempt = `${replay.id}.1`
  const receipts = createReceiptReader(engines.log, {
    feeds: replay.spec.feeds === undefined ? null : new Set(replay.spec.feeds),
  })
  const overlay = new Map<string, StoryState>()
  return async function reprocess(batch: SourceBatch, draft: PhaseDraft): Promise<readonly ToSend[]> {
    const done = await doneBy(engines.log, batch.records)
    const candidates: Candidate[] = []
    for (const source of batch.records) {
      candidates.push(...(await read(source, done, draft)))
      // Between two messages live has its turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
    const states = await load(candidates)
    const toSend: ToSend[] = []
    for (const candidate of candidates) {
      const sent = await judge(candidate, states, draft)
      if (sent !== null) toSend.push(sent)
    }
    return toSend
  }

  async function read(
    { record, position }: SourceRecord,
    done: (record: SourceRecord['record'], position: string) => boolean,
    draft: PhaseDraft,
  ): Promise<readonly Candidate[]> {
    const feed = feedOfTopic(record.topic) ?? record.topic
    draft.count(feed, 'messages')
    if (!done(record, position)) {
      draft.count(feed, 'waiting')
      return []
    }
    const { items } = normalizeAgain(record, feeds, { position, attempt, replayId: replay.id })
    const candidates: Candidate[] = []
    for (const [index, made] of items.entries()) {
      const at = itemPosition(position, index)
      if (made.kind === 'ignore') draft.count(feed, 'ignored')
      else if (made.kind === 'item') candidates.push(await candidate(made.item, made.document, { feed, record }))
      else {
        const was = await receipts.normalizedIn(record.partition, at, record.timeMs)
        const isNew = was === 'passed'
        draft.count(feed, isNew ? 'rejected' : 'stillRejected')
        if (isNew && draft.wantsExample('rejected'))
          draft.example({
            storyKey: '',
            feed,
            position: at,
            kind: 'rejected',
            fields: [],
            detail: `${made.reason}: ${made.detail}`.slice(0, 300),
          })
      }
    }
    return candidates
  }

  async function candidate(
    item: Item,
    document: string,
    { feed, record }: { readonly feed: string; readonly record: SourceRecord['record'] },
  ): Promise<Candidate> {
    const about = { item, document, feed }
    if (item.storyKey !== undefined) {
      const { storyKey } = item
      const partition = partitionOf(storyKey, storyPartitions)
      return { ...about, storyKey, partition, isNameless: false, wasRejected: false }
    }
    // Its story is the one that its receipt says: by its text alone it might become another one.
    const partition = partitionOf(feed, storyPartitions)
    const published = await receipts.publishedIn(partition, item.position, record.timeMs)
    const storyKey = published?.storyKey
    const wasRejected =
      published?.outcome === 'rejected' ||
      (published === null &&
        (await receipts.normalizedIn(record.partition, item.position, record.timeMs)) === 'rejected')
    return { ...about, storyKey, partition, isNameless: true, wasRejected }
  }

  async function load(candidates: readonly Candidate[]): Promise<ReadonlyMap<string, StoryState>> {
    const wanted = new Map<number, Set<string>>()
    for (const { partition, storyKey } of candidates)
      if (storyKey !== undefined && !overlay.has(storyKey))
        wanted.set(partition, (wanted.get(partition) ?? new Set()).add(storyKey))
    const states = new Map<string, StoryState>()
    for (const [partition, keys] of wanted) {
      const loaded = await engines.state.load(partition, [...keys])
      if (loaded.applied === null) await requireUntouched(partition)
      const values = [...keys].map((key, index) => [key, loaded.values[index] ?? null] as const)
      for (const [key, value] of values) if (value !== null) states.set(key, JSON.parse(value) as StoryState)
    }
    return states
  }

  /** A wiped store knows no story: everything would seem new. Its publisher restores it. */
  async function requireUntouched(partition: number): Promise<void> {
    const bounds = (await engines.log.offsets('stories.parsed', 'publisher')).find((one) => one.partition === partition)
    if ((bounds?.committed ?? 0) > 0)
      throw new TransientFault('state', `The state of partition ${partition} is not there: its publisher restores it`)
  }

  async function judge(
    candidate: Candidate,
    states: ReadonlyMap<string, StoryState>,
    draft: PhaseDraft,
  ): Promise<ToSend | null> {
    const { item, feed, storyKey, isNameless, wasRejected } = candidate
    draft.count(feed, 'stories')
    if (storyKey === undefined) {
      draft.count(feed, wasRejected ? 'accepted' : 'unknown')
      return wasRejected ? sending(candidate) : null
    }
    const state = overlay.get(storyKey) ?? states.get(storyKey) ?? null
    // Which capture of a page is news was decided by those around it; only the current one has something to compare.
    const isPast = isNameless && state?.current !== item.position
    const judged: Judgement = isPast ? { kind: 'older' } : judgeItem(state, item, { storyKey, nowMs: Date.now() })
    draft.count(feed, judged.kind)
    if (judged.kind === 'same' || judged.kind === 'older') return null
    remember(storyKey, judged.next)
    if (draft.wantsExample(judged.kind)) draft.example(await example(candidate, { state, judged, storyKey }))
    if (!judged.isSent) return sending(candidate)
    draft.count(feed, 'sent')
    return null
  }

  function remember(storyKey: string, state: StoryState): void {
    overlay.set(storyKey, state)
    if (overlay.size <= mostOverlaid) return
    const [oldest] = overlay.keys()
    if (oldest !== undefined) overlay.delete(oldest)
  }

  async function example(
    { item, document, feed, partition }: Candidate,
    about: {
      readonly state: StoryState | null
      readonly judged: Extract<Judgement, { kind: 'changed' | 'accepted' }>
      readonly storyKey: string
    },
  ) {
    const { state, judged, storyKey } = about
    const { kind, reason } = judged
    const published =
      kind === 'changed' && state !== null && !judged.isSent ? await findEvent(engines.log, partition, state) : null
    const fields = published?.value ? diffDocuments(published.value.toString('utf8'), document) : []
    return { storyKey, feed, position: item.position, kind, fields, ...(reason === '' ? {} : { detail: reason }) }
  }
}

/** One key for the partition in which the records of its story lie. */
function sending({ item, document, feed, storyKey, isNameless }: Candidate): ToSend {
  const line = storyKey === undefined ? item : { ...item, storyKey }
  const value = encodeParsedRecord(line, document)
  const key = isNameless ? feed : (storyKey ?? feed)
  return { append: { topic: 'stories.parsed', key, value }, feed, bytes: value.byteLength }
}

/** Whether the live normalizer has passed a message: what it has not, it reads by the present code anyway, and first. */
async function doneBy(
  log: EventLog,
  records: readonly SourceRecord[],
): Promise<(record: SourceRecord['record'], position: string) => boolean> {
  const committed = new Map<string, number>()
  for (const topic of new Set(records.map(({ record }) => record.topic))) {
    const [info] = await log.topics([topic])
    if (info === undefined) continue
    const group = topic.endsWith('.flash') ? 'normalizer-flash' : 'normalizer'
    for (const { partition, low, committed: next } of await log.offsets(topic, group))
      committed.set(`${topic}@${info.logId}/${partition}`, next ?? low)
  }
  return ({ topic, partition, offset }, position) => {
    const next = committed.get(`${topic}@${parsePosition(position)?.logId}/${partition}`)
    return next === undefined || offset < next
  }
}
