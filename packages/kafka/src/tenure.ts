import type { ConsumeOptions } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { createCommits, lost } from './commits.ts'
import { createFetching } from './fetching.ts'
import type { HandOut, Owner } from './hand-out.ts'
import type { KafkaLog } from './kafka-options.ts'
import type { Generation, Membership } from './membership.ts'
import { nameOf } from './offsets.ts'
import { createFeed, type PartitionFeed } from './partition-feed.ts'
import type { Signal } from './pauses.ts'

export type EndReason = 'rebalance' | 'lost' | 'stalled' | 'stopped'

/** This member's time with one dealing of the partitions. */
export interface Tenure extends Owner {
  readonly feeds: ReadonlyMap<string, PartitionFeed>
  readonly over: Promise<EndReason>
  /** No batch is handed out any more; what is in work may still commit, unless the partitions are lost. */
  end(reason: EndReason): void
  /** Nothing may be committed any more. */
  invalidate(): void
  /** Asks the coordinator whether this generation still stands; ends the tenure when it does not. */
  beat(): Promise<void>
  /** Every position noted has arrived. */
  flushed(): Promise<void>
  /** Records of the feeds that were opened are fetched. */
  attend(): void
}

export interface TenureOptions {
  readonly cluster: Cluster
  /** null: without a group nothing is committed, and nobody else has the partitions. */
  readonly membership: Membership | null
  readonly generation: Generation
  readonly handOut: HandOut
  /** Raised when a feed may have become hungry. */
  readonly changed: Signal
  readonly sessionMs: number
  readonly maxBytes: number
  readonly gatherMs: number
  readonly log: KafkaLog
  readonly onRetentionLoss: ConsumeOptions['onRetentionLoss']
  /** The log was cut behind the feed's position. */
  readonly onLogCut: (feed: PartitionFeed) => void
  readonly onFailed: (error: unknown) => void
}

export function beginTenure(options: TenureOptions): Tenure {
  const { membership, generation, handOut, sessionMs, log, onFailed } = options
  const over = Promise.withResolvers<EndReason>()
  const feeds = new Map(generation.partitions.map((at) => [nameOf(at), createFeed(at)]))
  let reasonToEnd: EndReason | null = null
  let isValid = true
  let heardAtMs = performance.now()
  let beating: Promise<void> | null = null

  const commits = createCommits({
    send: async (offsets) => {
      if (membership === null) return 'committed'
      const answer = await membership.commit(generation, offsets)
      heed(answer)
      return answer
    },
    isValid: () => isValid,
    onRefused: onFailed,
  })
  const fetching = createFetching({
    cluster: options.cluster,
    feeds,
    changed: options.changed,
    isOver: () => reasonToEnd !== null,
    maxBytes: options.maxBytes,
    gatherMs: options.gatherMs,
    log,
    onRetentionLoss: (loss) => options.onRetentionLoss?.(loss),
    onTaken: (feed, result, before) => {
      handOut.offer(feed, tenure)
      if (result.records.length === 0 && result.next !== null) passUnreadable(feed, before, result.next)
    },
    onLogCut: options.onLogCut,
    onRefused: onFailed,
  })
  const beats = setInterval(look, Math.min(1_000, sessionMs / 6))

  const tenure: Tenure = {
    feeds,
    over: over.promise,
    isOpen: () => reasonToEnd === null,
    isValid: () => isValid,
    end(reason) {
      if (reasonToEnd !== null) return
      reasonToEnd = reason
      if (reason === 'lost' || reason === 'stalled') tenure.invalidate()
      if (reason !== 'stopped') log('info', 'The partitions are given back', { reason, partitions: [...feeds.keys()] })
      over.resolve(reason)
      options.changed.raise()
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
      if (isForgotten()) tenure.end('lost')
      if (!isValid) throw lost([feed])
      feed.committed = next
      await commits.note(feed, next)
    },
    flushed: () => commits.flushed(),
    async stillOwned() {
      await tenure.beat()
      // Announced to be dealt anew, it is as good as gone; while this member stops it is still its own.
      return isValid && (reasonToEnd === null || reasonToEnd === 'stopped')
    },
    attend: () => fetching.attend(),
  }
  return tenure

  /** What the timer does. */
  function look(): void {
    void tenure.beat()
    if (reasonToEnd !== null) return
    // Also while a frozen coordinator lets the heartbeat hang.
    if (membership && isForgotten()) tenure.end('lost')
    else if (membership && hasStalled()) tenure.end('stalled')
    else fetching.attend()
  }

  async function beatOnce(): Promise<void> {
    if (membership === null || !isValid) return
    try {
      heed(await membership.heartbeat(generation))
    } catch (error) {
      if (isValid) onFailed(error)
    }
  }

  function heed(answer: 'ours' | 'committed' | 'rebalancing' | 'lost' | 'away'): void {
    if (answer === 'ours' || answer === 'committed') heardAtMs = performance.now()
    else if (answer === 'rebalancing') tenure.end('rebalance')
    else if (answer === 'lost' || isForgotten()) tenure.end('lost')
  }

  /** After a session without a word the group deals the partitions to others. */
  function isForgotten(): boolean {
    return performance.now() - heardAtMs > sessionMs
  }

  function hasStalled(): boolean {
    for (const [name, work] of handOut.inWork()) {
      if (!feeds.has(name) || performance.now() - work.progressAtMs <= sessionMs) continue
      log('error', 'A batch made no progress for a whole session: its partition is left to another member', { name })
      return true
    }
    return false
  }

  /** Nothing but Kafka's own records came: the position moves past them, so that the group does not seem to lag. */
  function passUnreadable(feed: PartitionFeed, before: number, next: number): void {
    const isIdle = feed.waiting.length === 0 && !feed.isTaken && feed.redo === null
    if (isIdle && feed.committed === before) tenure.commit(feed, next).catch(() => undefined)
  }
}
