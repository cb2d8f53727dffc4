import type { Item, StoryState } from '@dateline/contracts'
import { headerText, type LogRecord, partitionOf } from '@dateline/ports'
import { normalizeAgain, type Replay } from '@dateline/replay'
import { feedOfTopic, type ServiceContext, storyPartitions } from '@dateline/runtime'
import { type DecidedEvent, storyRecord } from '@dateline/story'
import type { PhaseDraft } from './phase-draft.ts'
import type { SourceRecord } from './replay-source.ts'

type StoryRecord = ReturnType<typeof storyRecord>

/**
 * Events that `stories` does not keep any more, from the wire messages by the present code: of each story the newest version alone, with the
 * id and sequence that the state has, marked as reprocessed. What is recalled gives its recall. An item without a supplier's id gives none.
 */
export function createRemaker(
  { engines, feeds, settings }: Pick<ServiceContext, 'engines' | 'feeds' | 'settings'>,
  replay: Replay,
) {
  const stories = replay.spec.stories === undefined ? null : new Set(replay.spec.stories)
  let oldest: ReadonlyMap<number, number> | null = null
  return async function remake(
    records: readonly SourceRecord[],
    draft: PhaseDraft,
  ): Promise<readonly { readonly event: StoryRecord; readonly feed: string }[]> {
    oldest ??= await oldestKept()
    const events: { event: StoryRecord; feed: string }[] = []
    for (const { record, position } of records) {
      const feed = feedOfTopic(record.topic) ?? record.topic
      draft.count(feed, 'messages')
      const { items } = normalizeAgain(record, feeds, { position, attempt: `${replay.id}.1`, replayId: replay.id })
      for (const made of items) {
        if (made.kind !== 'item') continue
        const event = await eventOf(made.item, made.document)
        if (event === null) draft.count(feed, made.item.storyKey === undefined ? 'unknown' : 'older')
        else events.push({ event, feed })
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return events
  }

  async function eventOf(item: Item, document: string): Promise<StoryRecord | null> {
    const { storyKey } = item
    if (storyKey === undefined || (stories !== null && !stories.has(storyKey))) return null
    const partition = partitionOf(storyKey, storyPartitions)
    const [value] = (await engines.state.load(partition, [storyKey])).values
    const state = value === null || value === undefined ? null : (JSON.parse(value) as StoryState)
    const kind = state === null ? null : kindOf(state, item)
    // What the log still keeps comes from there.
    if (state === null || kind === null || Date.parse(state.lastEventAt) >= (oldest?.get(partition) ?? 0)) return null
    const event: DecidedEvent = {
      kind,
      id: state.eventId,
      seq: state.seq,
      ...(state.version === undefined ? {} : { version: state.version }),
      revision: state.revision,
      change: 'reprocessed',
      document: 'item',
    }
    return storyRecord({
      instance: settings.instance,
      partition,
      storyKey,
      event,
      time: state.lastEventAt,
      from: item,
      document,
    })
  }

  /** Time of the oldest event kept, by partition; none kept: everything is older. */
  async function oldestKept(): Promise<ReadonlyMap<number, number>> {
    const times = new Map<number, number>()
    for (const { partition, low, high } of await engines.log.offsets('stories')) {
      const [first]: readonly LogRecord[] =
        low < high ? await engines.log.read('stories', partition, low, { maxRecords: 1 }) : []
      const decided = first === undefined ? Number.NaN : Date.parse(headerText(first, 'ce_time') ?? '')
      times.set(partition, Number.isNaN(decided) ? Number.POSITIVE_INFINITY : decided)
    }
    return times
  }
}

/** What readers were told last of this item; null when it was not this one. */
function kindOf(state: StoryState, item: Item): DecidedEvent['kind'] | null {
  const isRecall = state.status === 'killed' || state.status === 'withheld'
  if (state.shown === 'recall')
    return isRecall && state.recall?.position === item.position ? (state.status as 'killed' | 'withheld') : null
  if (state.shown !== 'story' || state.status !== 'live' || state.current !== item.position) return null
  return state.seq === 1 ? 'published' : 'updated'
}
