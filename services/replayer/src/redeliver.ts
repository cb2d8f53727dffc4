import { hash } from 'node:crypto'
import type { StoryState } from '@dateline/contracts'
import { type AppendRecord, type Header, headerText, type LogRecord } from '@dateline/ports'
import type { Replay } from '@dateline/replay'
import { type ServiceContext, storyPartitions } from '@dateline/runtime'
import { findEvent } from './find-event.ts'
import type { PhaseDraft } from './phase-draft.ts'
import { createRemaker } from './remake-events.ts'
import type { SourceBatch } from './replay-source.ts'
import type { ToSend } from './reprocess.ts'

interface Published {
  readonly partition: number
  readonly headers: readonly Header[]
}

const deliveries = 'stories.redeliveries'
const weekMs = 7 * 86_400_000
const recalls = new Set(['dateline.story.killed', 'dateline.story.withheld'])

/** The topic of a redelivery that goes to one, made when it is missing. */
export async function openRedeliveryTopic({ engines }: Pick<ServiceContext, 'engines'>, replay: Replay): Promise<void> {
  const { to } = replay.spec
  if (to === undefined || !('topic' in to)) return
  await engines.log.createTopic({
    name: topicOf(replay),
    partitions: storyPartitions,
    cleanup: 'delete',
    retentionMs: weekMs,
    maxMessageBytes: 16_777_216,
  })
}

/**
 * Published events again, in their order, with the same ids and sequences, and the replay's id beside them. Of a story whose readers were
 * told of a recall last, the recall alone goes, once.
 */
export function createRedeliverer(context: Pick<ServiceContext, 'engines' | 'feeds' | 'settings'>, replay: Replay) {
  const { engines } = context
  const { spec, plan } = replay
  const remake = createRemaker(context, replay)
  const feeds = spec.feeds === undefined ? null : new Set(spec.feeds)
  const stories = spec.stories === undefined ? null : new Set(spec.stories)
  return async function redeliver(batch: SourceBatch, draft: PhaseDraft): Promise<readonly ToSend[]> {
    const old = batch.records.filter(({ record }) => record.topic !== 'stories')
    if (old.length > 0) return (await remake(old, draft)).map(({ event, feed }) => sendingOf(event, feed))
    const events = batch.records.map(({ record }) => record).filter(isWanted)
    const states = await load(events)
    const toSend: ToSend[] = []
    for (const record of events) {
      const feed = headerText(record, 'ce_feed') ?? 'desk'
      draft.count(feed, 'messages')
      const event = await eventFor(record, states.get(keyOf(record)), draft)
      if (event === null) draft.count(feed, 'older')
      else toSend.push(sendingOf(event, feed))
    }
    return toSend
  }

  function sendingOf(event: Pick<AppendRecord, 'key' | 'value'> & Published, feed: string): ToSend {
    return { append: again(event), feed, bytes: event.value === null ? 0 : Buffer.byteLength(event.value) }
  }

  function isWanted(record: LogRecord): boolean {
    if (headerText(record, 'ce_id') === undefined) return false
    if (stories !== null && !stories.has(keyOf(record))) return false
    return feeds === null || feeds.has(headerText(record, 'ce_feed') ?? '')
  }

  async function load(events: readonly LogRecord[]): Promise<ReadonlyMap<string, StoryState>> {
    const states = new Map<string, StoryState>()
    const [first] = events
    if (first === undefined) return states
    const keys = [...new Set(events.map(keyOf))]
    const { values } = await engines.state.load(first.partition, keys)
    values.forEach((value, index) => {
      if (value !== null) states.set(keys[index] ?? '', JSON.parse(value) as StoryState)
    })
    return states
  }

  async function eventFor(
    record: LogRecord,
    state: StoryState | undefined,
    draft: PhaseDraft,
  ): Promise<LogRecord | null> {
    if (state === undefined) return record
    const isNewest = Number(headerText(record, 'ce_storyseq')) === state.seq
    if (state.shown !== 'recall') return isNewest || !spec.newestOnly ? record : null
    if (isNewest && recalls.has(headerText(record, 'ce_type') ?? '')) return record
    const name = hash('sha256', keyOf(record)).slice(0, 16)
    if (draft.recalled.has(name)) return null
    const recall = await findEvent(engines.log, record.partition, state)
    const end =
      plan.units.find(({ topic, partition }) => topic === record.topic && partition === record.partition)?.to ?? 0
    // One that lies in the range comes by itself.
    if (recall === null || recall.offset < end) return null
    draft.recalled.add(name)
    return recall
  }

  function again(record: Pick<AppendRecord, 'key' | 'value'> & Published): AppendRecord {
    const headers: Header[] = [...record.headers.filter(([name]) => name !== 'ce_replayid'), ['ce_replayid', replay.id]]
    const { to } = spec
    if (to !== undefined && 'subscription' in to) headers.push(['dateline-subscription', to.subscription])
    const { partition, key, value } = record
    return { topic: topicOf(replay), partition, key, value, headers }
  }
}

function topicOf({ spec: { to } }: Replay): string {
  return to !== undefined && 'topic' in to ? `stories.replay.${to.topic}` : deliveries
}

const keyOf = (record: LogRecord): string => record.key?.toString('utf8') ?? ''
