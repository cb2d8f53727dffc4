import type { ConsumeOptions } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { asFault, CODE, codeOf, isAway, isPassing, missingTopic, refusal } from './faults.ts'
import { type FetchResult, fetchRequest } from './fetch-request.ts'
import type { KafkaLog } from './kafka-options.ts'
import { boundsOf } from './offsets.ts'
import { isHungry, type PartitionFeed, take } from './partition-feed.ts'
import { backoffMs, pause, type Signal } from './pauses.ts'

export interface FetchingOptions {
  readonly cluster: Cluster
  readonly feeds: ReadonlyMap<string, PartitionFeed>
  /** Raised when a feed may have become hungry. */
  readonly changed: Signal
  readonly isOver: () => boolean
  readonly maxBytes: number
  /** Fetches begin no faster than one in so long: what comes meanwhile comes together. */
  readonly gatherMs: number
  readonly log: KafkaLog
  readonly onRetentionLoss: NonNullable<ConsumeOptions['onRetentionLoss']>
  /** The feed got records, or its position moved on without any. */
  readonly onTaken: (feed: PartitionFeed, result: FetchResult, before: number) => void
  /** The position lies behind the end of the log: it was cut or made anew. */
  readonly onLogCut: (feed: PartitionFeed) => void
  readonly onRefused: (error: unknown) => void
}

export interface Fetching {
  /** Sees that every partition is fetched from whoever leads it now. Called when partitions were started, and every so often. */
  attend(): void
}

/** How long a broker may hold a fetch back for want of records: what a stop or a new generation can have to wait for. */
const MAX_WAIT_MS = 200
/** The same while some partition led there is left out for now: it must soon be asked for again. */
const SHORT_WAIT_MS = 20
const MAX_ANSWER_BYTES = 4_194_304
const MISSING_AFTER_MS = 30_000

/**
 * One loop per broker that leads a partition, each with one fetch on its way for all of them that have room. (kafkajs' consumer waits
 * for every partition's work before it fetches again, so one slow partition holds up the others of its broker.)
 */
export function createFetching(options: FetchingOptions): Fetching {
  const { cluster, feeds, changed, log } = options
  const loops = new Set<number>()
  const partitionBytes = Math.min(Math.max(options.maxBytes, 65_536), 1_048_576)
  const missingSinceMs = new Map<string, number>()
  let relocating = false
  let turn = 0

  return {
    attend() {
      const lost = [...feeds.values()].filter((feed) => leaderOf(feed) === -1)
      if (lost.length > 0) void relocate(lost)
      fetchWhatIsLed()
      for (const topic of new Set([...feeds.values()].map((feed) => feed.topic))) lookWhetherGone(topic)
    },
  }

  function leaderOf(feed: PartitionFeed): number {
    return cluster.known(feed.topic)?.leaders[feed.partition] ?? -1
  }

  async function fetchFrom(node: number): Promise<void> {
    for (let attempt = 1; !options.isOver(); ) {
      const led = [...feeds.values()].filter((feed) => leaderOf(feed) === node)
      if (led.length === 0) break
      const hungry = led.filter((feed) => isHungry(feed, options.maxBytes))
      if (hungry.length === 0) {
        await changed.next(MAX_WAIT_MS)
        continue
      }
      const sinceMs = performance.now()
      try {
        await fetchOnce(node, hungry, hungry.length < led.length ? SHORT_WAIT_MS : MAX_WAIT_MS)
        attempt = 1
        const early = options.gatherMs - (performance.now() - sinceMs)
        if (early > 0) await pause(early)
      } catch (error) {
        const code = codeOf(error)
        if (!isAway(error) && !(code !== null && isPassing(code))) {
          options.onRefused(asFault(error, 'fetch records', cluster.brokers))
          break
        }
        if (attempt === 3) log('warn', 'A broker does not answer fetches: trying on', { node, error: String(error) })
        await pause(backoffMs(attempt++))
        await cluster.refresh().catch(() => undefined)
      }
    }
    loops.delete(node)
    // A partition may have come to this broker since the last look.
    fetchWhatIsLed()
  }

  function fetchWhatIsLed(): void {
    if (options.isOver()) return
    for (const feed of feeds.values()) {
      const leader = leaderOf(feed)
      if (leader === -1 || loops.has(leader)) continue
      loops.add(leader)
      void fetchFrom(leader)
    }
  }

  async function fetchOnce(node: number, hungry: readonly PartitionFeed[], maxWaitMs: number): Promise<void> {
    // The first partition's first batch comes whole however large it is: each has its turn to be first.
    const first = turn++ % hungry.length
    const asked = [...hungry.slice(first), ...hungry.slice(0, first)].map((feed) => ({
      feed,
      epoch: feed.epoch,
      position: feed.position ?? 0,
    }))
    const results = await cluster.send(
      node,
      fetchRequest(
        asked.map(({ feed, position }) => ({
          topic: feed.topic,
          partition: feed.partition,
          from: position,
          maxBytes: partitionBytes,
        })),
        { maxWaitMs, maxBytes: MAX_ANSWER_BYTES },
      ),
    )
    if (options.isOver()) return
    const askedByName = new Map(asked.map((one) => [one.feed.name, one]))
    const moved: PartitionFeed[] = []
    for (const result of results) {
      const one = askedByName.get(`${result.topic}/${result.partition}`)
      if (one === undefined || one.feed.epoch !== one.epoch) continue
      if (result.code === CODE.none) {
        take(one.feed, result)
        options.onTaken(one.feed, result, one.position)
      } else if (result.code === CODE.offsetOutOfRange) void outOfRange(one.feed, one.epoch, one.position)
      else if (isPassing(result.code)) moved.push(one.feed)
      else options.onRefused(refusal(result.code, `fetch ${one.feed.name}`))
    }
    if (moved.length > 0) void relocate(moved)
  }

  /** Finds the new leaders; meanwhile the partitions are not asked for. */
  async function relocate(some: readonly PartitionFeed[]): Promise<void> {
    for (const feed of some) feed.isMoving = true
    if (relocating) return
    relocating = true
    for (let attempt = 1; !options.isOver(); attempt++) {
      await pause(backoffMs(attempt, 50, 1_000))
      await cluster.refresh().catch(() => undefined)
      for (const feed of feeds.values()) if (leaderOf(feed) !== -1) feed.isMoving = false
      fetchWhatIsLed()
      changed.raise()
      if ([...feeds.values()].every((feed) => !feed.isMoving)) break
    }
    relocating = false
  }

  async function outOfRange(feed: PartitionFeed, epoch: number, position: number): Promise<void> {
    feed.isMoving = true
    try {
      const bounds = (await boundsOf(cluster, [feed])).get(feed.name)
      if (feed.epoch !== epoch || bounds === undefined || options.isOver()) return
      if (position < bounds.low) {
        options.onRetentionLoss({ topic: feed.topic, partition: feed.partition, from: position, to: bounds.low })
        feed.position = bounds.low
      } else if (position > bounds.high) options.onLogCut(feed)
    } catch (error) {
      const fault = asFault(error, `find the bounds of ${feed.name}`, cluster.brokers)
      if (!isAway(fault)) options.onRefused(fault)
    } finally {
      feed.isMoving = false
      changed.raise()
    }
  }

  /** A topic that stays away was deleted: nothing will come of it any more. */
  function lookWhetherGone(topic: string): void {
    if (cluster.known(topic) !== null) {
      missingSinceMs.delete(topic)
      return
    }
    const since = missingSinceMs.get(topic) ?? performance.now()
    missingSinceMs.set(topic, since)
    if (performance.now() - since > MISSING_AFTER_MS) options.onRefused(missingTopic(topic))
  }
}
