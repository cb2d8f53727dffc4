import { setTimeout as sleep } from 'node:timers/promises'
import {
  archiveChains,
  type Chain,
  indexChain,
  joinObjects,
  ObjectDamaged,
  removeOlderThan,
  SegmentGone,
  type StoryMention,
  sweepChain,
} from '@dateline/archive'
import { type Archive, type LogRecord, TransientFault } from '@dateline/ports'
import { feedOfTopic } from '@dateline/runtime'

export interface KeepOptions {
  readonly nowMs: number
  readonly writer: string
  /** How long a contract lets a feed's messages be kept; null: for ever. */
  readonly retentionOf: (feed: string) => { readonly ms: number; readonly reason: string } | null
  /** A day's objects are joined when it ended so long ago; null: never. */
  readonly joinAfterMs: number | null
  /** null: no indexes are made. */
  readonly storiesIn: ((record: LogRecord) => readonly StoryMention[]) | null
  readonly feed?: string
  /** By partition, from where on there may be something to join; kept from round to round, so that what is settled is not asked again. */
  readonly settled?: Map<string, number>
  /** Share of one processor that joining and finding stories may take; 1 unless said. */
  readonly share?: number
  readonly isStopping?: () => boolean
}

/** What was done to one partition. */
export interface KeptChain extends Chain {
  /** Messages taken out by retention. */
  readonly removedMessages: number
  /** Small objects that were joined, and the large ones they became. */
  readonly joined: number
  readonly made: number
  /** Objects that nothing stands for any more, removed. */
  readonly swept: number
  readonly indexed: number
  /** What a person should know: the bucket refuses to remove, an object is damaged. null: nothing. */
  readonly trouble: string | null
}

/** One round of upkeep: retention, joining, removing what is stood for, indexes. Can end at any point, and run twice at once. */
export async function* keepArchive(archive: Archive, options: KeepOptions): AsyncGenerator<KeptChain> {
  const part = options.feed === undefined ? {} : { feed: options.feed }
  for await (const { chain } of archiveChains(archive, part)) {
    if (chain === null) continue
    try {
      yield await keepChain(archive, chain, options)
    } catch (error) {
      // Joined or removed by another process while we looked: the next round finds it done.
      if (error instanceof SegmentGone) continue
      if (!(error instanceof ObjectDamaged)) throw error
      yield { ...chain, removedMessages: 0, joined: 0, made: 0, swept: 0, indexed: 0, trouble: error.message }
    }
  }
}

/** What is younger is left alone, whatever the settings say: an archiver looks for what was joined only behind messages that are older than half of it. */
const YOUNGEST_MS = 3_600_000

async function keepChain(archive: Archive, chain: Chain, options: KeepOptions): Promise<KeptChain> {
  const { nowMs, writer, joinAfterMs, storiesIn } = options
  const retention = options.retentionOf(feedOfTopic(chain.topic) ?? chain.topic)
  const rest = createRest(options)
  const before = (ms: number): number => nowMs - Math.max(ms, YOUNGEST_MS)
  const removed =
    retention &&
    (await removeOlderThan(archive, chain, { beforeMs: before(retention.ms), writer, reason: retention.reason }))
  let [joined, made] = [0, 0]
  const { settled = new Map<string, number>() } = options
  const name = `${chain.topic} ${chain.logId} ${chain.partition}`
  const onSettled = (from: number) => settled.set(name, from)
  const since = { from: settled.get(name) ?? 0, onSettled }
  if (joinAfterMs !== null)
    for await (const object of joinObjects(archive, chain, { beforeMs: before(joinAfterMs), writer, rest, ...since })) {
      joined += object.objects
      made += 1
    }
  const swept = await sweepChain(archive, chain)
  const indexed = storiesIn === null ? 0 : await indexChain(archive, chain, { storiesIn, rest })
  const removedMessages = removed?.messages ?? 0
  return { ...chain, removedMessages, joined, made, swept: swept.removed, indexed, trouble: swept.left }
}

/** Lets others have the processor: after 5 ms of work a pause, so that the share is kept. */
function createRest({ share = 1, isStopping }: KeepOptions): () => Promise<void> {
  let sinceMs = performance.now()
  return async () => {
    if (isStopping?.() === true) throw new TransientFault('archive', 'The upkeep of the archive stops')
    const workedMs = performance.now() - sinceMs
    if (workedMs < 5) return
    await sleep(workedMs * (1 / share - 1))
    sinceMs = performance.now()
  }
}
