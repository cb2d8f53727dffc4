import type { ConsumeOptions, Consumption } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { createFeedStarter } from './feed-starter.ts'
import { findTopic } from './find-topic.ts'
import { createHandOut } from './hand-out.ts'
import type { KafkaLog } from './kafka-options.ts'
import { createMembership, type Generation, type Membership } from './membership.ts'
import type { TopicPartition } from './offsets.ts'
import { createSignal, within } from './pauses.ts'
import { beginTenure, type EndReason, type Tenure } from './tenure.ts'

export const DEFAULT_SESSION_MS = 10_000
/** At 500 records/s every fetch brought one or two, and requests were most of what brokers and workers did. */
const DEFAULT_GATHER_MS = 5
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
  const onFailed = (error: unknown): void => void fail(error)
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
    onOwnershipLost: (feed) => tenure && void starter.restart(feed, tenure),
    onFault: onFailed,
    onRoom: changed.raise,
  })
  const starter = createFeedStarter({
    ...options,
    cluster,
    handOut,
    signal: aborted.signal,
    onStarted: changed.raise,
    onFailed,
  })
  let tenure: Tenure | null = null
  let isJoined = false
  let isStopping = false
  let stopped: Promise<void> | null = null

  for (const topic of options.topics) await findTopic(cluster, topic)
  const recounts = setInterval(() => void recount(), RECOUNT_EVERY_MS)
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
        tenure = begin(generation)
        isJoined = true
        const reason = await tenure.over
        await windDown(tenure, reason)
        owned = reason === 'rebalance' ? generation.partitions : []
      }
    } catch (error) {
      await fail(error)
    }
  }

  async function join(owned: readonly TopicPartition[]): Promise<Generation> {
    if (membership) return membership.join(owned)
    return { generationId: 0, memberId: '', partitions: await everyPartition() }
  }

  async function everyPartition(): Promise<readonly TopicPartition[]> {
    const layouts = await Promise.all(options.topics.map((topic) => cluster.layout(topic)))
    return options.topics.flatMap((topic, at) =>
      (layouts[at]?.leaders ?? []).map((_, partition) => ({ topic, partition })),
    )
  }

  function begin(generation: Generation): Tenure {
    const current: Tenure = beginTenure({
      cluster,
      membership,
      generation,
      handOut,
      changed,
      sessionMs,
      maxBytes,
      gatherMs: options.gatherMs ?? DEFAULT_GATHER_MS,
      log,
      onRetentionLoss: options.onRetentionLoss,
      onLogCut: (feed) => void starter.restart(feed, current),
      onFailed,
    })
    log('info', 'Partitions were dealt', { group, partitions: [...current.feeds.keys()] })
    void starter.startAll(current)
    return current
  }

  /** More partitions than were dealt: the group has to deal anew. */
  async function recount(): Promise<void> {
    const before = await everyPartition().catch(() => [])
    await cluster.refresh().catch(() => undefined)
    const now = await everyPartition().catch(() => before)
    if (before.length > 0 && now.length > before.length) tenure?.end('rebalance')
  }

  async function windDown(current: Tenure, reason: EndReason): Promise<void> {
    handOut.clear()
    if (reason === 'stopped') return
    if (reason === 'rebalance') {
      await allDone(Math.min(sessionMs / 2, 5_000))
      await within(current.flushed(), FLUSH_WITHIN_MS)
    }
    current.invalidate()
    tenure = null
    if (reason !== 'stalled') return
    isJoined = false
    await membership?.leave()
    await allDone(FOR_EVER_MS, aborted.signal)
  }

  /** What is in work has come back, or the time is over. */
  function allDone(limitMs: number, signal?: AbortSignal): Promise<void> {
    return within(Promise.all([...handOut.inWork().values()].map((work) => work.done)), limitMs, signal)
  }

  function shutDown(deadlineMs: number): Promise<void> {
    stopped ??= shutDownOnce(deadlineMs)
    return stopped
  }

  async function shutDownOnce(deadlineMs: number): Promise<void> {
    isStopping = true
    isJoined = false
    clearInterval(recounts)
    aborted.abort()
    handOut.clear()
    const current = tenure
    current?.end('stopped')
    await allDone(deadlineMs)
    if (current) await within(current.flushed(), FLUSH_WITHIN_MS)
    current?.invalidate()
    tenure = null
    if (membership) await within(membership.leave(), LEAVE_WITHIN_MS)
    cluster.close()
  }

  /** Ends by itself. What others have in work may finish shortly; then the error is told. */
  async function fail(error: unknown): Promise<void> {
    if (isStopping) return
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    log('error', 'The consumption ends', { group, error: told })
    await shutDown(2_000)
    ended.reject(error)
  }
}
