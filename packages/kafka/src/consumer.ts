import { type ConsumeOptions, type Consumption, OwnershipLost } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { createCommits, lost } from './commits.ts'
import { asFault, codeOf, isAway, isPassing } from './faults.ts'
import { createFetching, type Fetching } from './fetching.ts'
import { findTopic } from './find-topic.ts'
import { createHandOut, type Owner } from './hand-out.ts'
import type { KafkaLog } from './kafka-options.ts'
import { createMembership, type Generation, type Membership } from './membership.ts'
import { type Bounds, boundsOf, committedOf, type TopicPartition } from './offsets.ts'
import { close, createFeed, open, type PartitionFeed } from './partition-feed.ts'
import { backoffMs, createSignal, pause } from './pauses.ts'
import { startingPoint } from './starting-point.ts'

type EndReason = 'rebalance' | 'lost' | 'stalled' | 'stopped'

/** This member's time with one dealing of the partitions. */
interface Tenure extends Owner {
  readonly feeds: ReadonlyMap<string, PartitionFeed>
  readonly fetching: Fetching
  readonly over: Promise<EndReason>
  end(reason: EndReason): void
  /** Nothing may be committed any more. */
  invalidate(): void
  beat(): Promise<void>
  /** Every position noted has arrived. */
  flushed(): Promise<void>
  restart(feed: PartitionFeed): void
}

/** What there is of a partition, and what its group has committed. */
type Facts = (feed: PartitionFeed) => Bounds & { readonly committed: number | null }

export const DEFAULT_SESSION_MS = 10_000
const REBALANCE_TIMEOUT_MS = 30_000
const DEFAULT_STOP_MS = 10_000
const FLUSH_WITHIN_MS = 2_000
const LEAVE_WITHIN_MS = 1_000
/** The longest a timer goes. */
const FOR_EVER_MS = 2_147_483_647
const RECOUNT_EVERY_MS = 60_000

/**
 * Consumes through a cluster of its own, which is closed at the end. A generation of the group ends when the group deals anew, when the
 * coordinator was not heard for a session, or when a batch in work made no progress for one: then its work is void, and the member joins
 * again. Batches in work may finish and commit before an announced dealing, for a while.
 */
export async function consumeFrom(
  cluster: Cluster,
  options: ConsumeOptions & { readonly log: KafkaLog },
): Promise<Consumption> {
  const { group, log } = options
  const sessionMs = options.sessionTimeoutMs ?? DEFAULT_SESSION_MS
  const maxBytes = options.maxBytes ?? 1_048_576
  const aborted = new AbortController()
  const ended = Promise.withResolvers<void>()
  // Whoever does not look at it is not brought down by it; the log names it.
  ended.promise.catch(() => undefined)
  const changed = createSignal()
  const membership: Membership | null =
    group === null
      ? null
      : createMembership(cluster, {
          group,
          topics: options.topics,
          sessionTimeoutMs: sessionMs,
          rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
          signal: aborted.signal,
          log,
        })
  const handOut = createHandOut({
    handle: options.handle,
    maxRecords: options.maxRecords ?? 100,
    maxBytes,
    concurrency: options.concurrency ?? 3,
    log,
    onOwnershipLost: (feed) => tenure?.restart(feed),
    onFault: (error) => void fail(error),
    onRoom: changed.raise,
  })
  let tenure: Tenure | null = null
  let isJoined = false
  let isStopping = false
  let stopped: Promise<void> | null = null

  for (const topic of options.topics) await findTopic(cluster, topic)
  void keepConsuming()

  return {
    ended: ended.promise,
    assigned: () =>
      tenure === null ? [] : [...tenure.feeds.values()].map(({ topic, partition }) => ({ topic, partition })),
    isReady: () => isJoined,
    stop: async (deadlineMs = DEFAULT_STOP_MS) => {
      await shutDown(deadlineMs)
      ended.resolve()
    },
  }

  async function keepConsuming(): Promise<void> {
    try {
      let owned: readonly TopicPartition[] = []
      while (!isStopping) {
        const generation = await join(owned)
        if (isStopping) break
        const current = begin(generation)
        tenure = current
        isJoined = true
        log('info', 'Partitions were dealt', { group, partitions: [...current.feeds.keys()] })
        const reason = await current.over
        await windDown(current, reason)
        owned = reason === 'rebalance' ? generation.partitions : []
      }
    } catch (error) {
      if (!isStopping) await fail(error)
    }
  }

  async function join(owned: readonly TopicPartition[]): Promise<Generation> {
    if (membership) return membership.join(owned)
    const partitions = await everyPartition()
    return { generationId: 0, memberId: '', partitions }
  }

  async function everyPartition(): Promise<readonly TopicPartition[]> {
    const layouts = await Promise.all(options.topics.map((topic) => cluster.layout(topic)))
    return options.topics.flatMap((topic, at) =>
      (layouts[at]?.leaders ?? []).map((_, partition) => ({ topic, partition })),
    )
  }

  function begin(generation: Generation): Tenure {
    const over = Promise.withResolvers<EndReason>()
    let isOpen = true
    let isValid = true
    let heardAtMs = performance.now()
    let beating: Promise<void> | null = null
    const feeds = new Map(generation.partitions.map((at) => [`${at.topic}/${at.partition}`, createFeed(at)]))
    const commits = createCommits({
      send: async (offsets) => {
        if (membership === null) return 'committed'
        const answer = await membership.commit(generation, offsets)
        if (answer === 'lost') current.end('lost')
        else if (answer === 'rebalancing') current.end('rebalance')
        else if (answer === 'committed') heardAtMs = performance.now()
        return answer
      },
      isValid: () => isValid,
      onRefused: (error) => void fail(error),
    })
    const fetching = createFetching({
      cluster,
      feeds,
      changed,
      isOver: () => !isOpen,
      maxBytes,
      log,
      onRetentionLoss: (loss) => options.onRetentionLoss?.(loss),
      onTaken: (feed, result, before) => {
        handOut.offer(feed, current)
        if (result.records.length === 0 && result.next !== null) passUnreadable(feed, before, result.next)
      },
      onLogCut: (feed) => current.restart(feed),
      onRefused: (error) => void fail(error),
    })
    const beats = setInterval(
      () => {
        void current.beat()
        if (!isOpen) return
        if (membership && hasStalled(feeds)) current.end('stalled')
        fetching.attend()
      },
      Math.min(1_000, sessionMs / 6),
    )
    const recounts = setInterval(() => void recount(current), RECOUNT_EVERY_MS)
    const current: Tenure = {
      feeds,
      fetching,
      over: over.promise,
      isOpen: () => isOpen,
      isValid: () => isValid,
      end(reason) {
        if (!isOpen) return
        isOpen = false
        if (reason !== 'rebalance' && reason !== 'stopped') current.invalidate()
        if (reason !== 'stopped') log('info', 'The partitions are given back', { group, reason })
        clearInterval(recounts)
        over.resolve(reason)
        changed.raise()
      },
      invalidate() {
        isValid = false
        clearInterval(beats)
      },
      beat() {
        beating ??= beatOnce().finally(() => {
          beating = null
        })
        return beating
      },
      async commit(feed, next) {
        if (membership === null || (feed.committed !== null && next <= feed.committed)) return
        // A process that slept finds out here that its session is over.
        if (isForgotten()) current.end('lost')
        if (!isValid) throw lost([feed])
        feed.committed = next
        await commits.note(feed, next)
      },
      flushed: () => commits.flushed(),
      async stillOwned() {
        await current.beat()
        // Announced to be dealt anew, it is as good as gone.
        return isOpen || (isStopping && isValid)
      },
      restart: (feed) => void restart(feed, current),
    }
    void startAll(current)
    return current

    async function beatOnce(): Promise<void> {
      if (membership === null || !isValid) return
      try {
        const answer = await membership.heartbeat(generation)
        if (answer === 'ours') heardAtMs = performance.now()
        else if (answer === 'rebalancing') current.end('rebalance')
        else if (answer === 'lost' || isForgotten()) current.end('lost')
      } catch (error) {
        if (isValid) await fail(error)
      }
    }

    /** After a session without a word the group deals the partitions to others. */
    function isForgotten(): boolean {
      return performance.now() - heardAtMs > sessionMs
    }

    /** Nothing but Kafka's own records came: the position moves past them, so that the group does not seem to lag. */
    function passUnreadable(feed: PartitionFeed, before: number, next: number): void {
      const isIdle = feed.waiting.length === 0 && !feed.isTaken && feed.redo === null
      if (isIdle && feed.committed === before) current.commit(feed, next).catch(() => undefined)
    }
  }

  function hasStalled(feeds: ReadonlyMap<string, PartitionFeed>): boolean {
    for (const [name, work] of handOut.inWork()) {
      if (!feeds.has(name) || performance.now() - work.progressAtMs <= sessionMs) continue
      log('error', 'A batch made no progress for a whole session: its partition is left to another member', {
        group,
        name,
      })
      return true
    }
    return false
  }

  /** More partitions than were dealt: the group has to deal anew. */
  async function recount(current: Tenure): Promise<void> {
    const before = await everyPartition().catch(() => [])
    await cluster.refresh().catch(() => undefined)
    const now = await everyPartition().catch(() => before)
    if (before.length > 0 && now.length > before.length) current.end('rebalance')
  }

  async function startAll(current: Tenure): Promise<void> {
    const feeds = [...current.feeds.values()]
    // One look for all of them; should it fail, each looks for itself.
    const facts = await factsOf(feeds).catch(() => null)
    await Promise.all(feeds.map((feed) => start(feed, current, handOut.inWork().has(feed.name) ? null : facts)))
  }

  /** The heartbeat tells whether it is this member's still; if so, it is started anew, ever more slowly if that keeps failing. */
  async function restart(feed: PartitionFeed, current: Tenure): Promise<void> {
    close(feed)
    feed.faults += 1
    if (feed.faults > 1) await pause(backoffMs(feed.faults, 100, 5_000), aborted.signal)
    await current.beat()
    await start(feed, current, null)
  }

  /** Finds out where the partition is to be started, once what an earlier generation had in work is done, and starts it. */
  async function start(feed: PartitionFeed, current: Tenure, known: Facts | null): Promise<void> {
    close(feed)
    const { epoch } = feed
    let facts = known
    for (let attempt = 1; ; attempt++) {
      await handOut.inWork().get(feed.name)?.done
      if (!current.isOpen() || feed.epoch !== epoch) return
      try {
        if (attempt > 1) await current.beat()
        facts ??= await factsOf([feed])
        const point = await startingPoint(feed, facts(feed), options)
        if (!current.isOpen() || feed.epoch !== epoch) return
        open(feed, point)
        feed.committed = null
        current.fetching.attend()
        changed.raise()
        return
      } catch (error) {
        const code = codeOf(error)
        if (!(error instanceof OwnershipLost || isAway(error) || (code !== null && isPassing(code)))) {
          return fail(asFault(error, `start ${feed.name}`, cluster.brokers))
        }
        facts = null
        log('warn', `${feed.name} cannot be started yet: trying on`, { attempt, error: String(error) })
        await pause(backoffMs(attempt, 100, 5_000), aborted.signal)
      }
    }
  }

  async function factsOf(feeds: readonly PartitionFeed[]): Promise<Facts> {
    const [bounds, committed] = await Promise.all([
      boundsOf(cluster, feeds),
      group === null ? new Map<string, number>() : committedOf(cluster, group, feeds),
    ])
    return ({ name }) => ({
      ...(bounds.get(name) ?? { low: 0, high: 0 }),
      committed: committed.get(name) ?? null,
    })
  }

  async function windDown(current: Tenure, reason: EndReason): Promise<void> {
    handOut.clear()
    if (reason === 'stopped') return
    if (reason === 'rebalance') {
      await allDone(Math.min(sessionMs / 2, 5_000))
      await Promise.race([current.flushed(), pause(FLUSH_WITHIN_MS)])
    }
    current.invalidate()
    tenure = null
    if (reason !== 'stalled') return
    isJoined = false
    await membership?.leave()
    await allDone(null)
  }

  /** What is in work has come back, or the time is over. */
  async function allDone(limitMs: number | null): Promise<void> {
    const done = Promise.all([...handOut.inWork().values()].map((work) => work.done))
    await Promise.race([done, limitMs === null ? pause(FOR_EVER_MS, aborted.signal) : pause(limitMs)])
  }

  function shutDown(deadlineMs: number): Promise<void> {
    stopped ??= shutDownOnce(deadlineMs)
    return stopped
  }

  async function shutDownOnce(deadlineMs: number): Promise<void> {
    isStopping = true
    isJoined = false
    aborted.abort()
    handOut.clear()
    const current = tenure
    current?.end('stopped')
    await allDone(deadlineMs)
    await Promise.race([current?.flushed(), pause(FLUSH_WITHIN_MS)])
    current?.invalidate()
    tenure = null
    if (membership) await Promise.race([membership.leave(), pause(LEAVE_WITHIN_MS)])
    cluster.close()
  }

  /** Ends by itself. What others have in work may finish shortly; then the error is told. */
  async function fail(error: unknown): Promise<void> {
    if (isStopping) return
    log('error', 'The consumption ends', {
      group,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    await shutDown(2_000)
    ended.reject(error)
  }
}
