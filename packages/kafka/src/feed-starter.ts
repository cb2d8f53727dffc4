import { type ConsumeOptions, OwnershipLost } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { asFault, codeOf, isAway, isPassing } from './faults.ts'
import type { HandOut } from './hand-out.ts'
import type { KafkaLog } from './kafka-options.ts'
import { type Bounds, boundsOf, committedOf } from './offsets.ts'
import { close, open, type PartitionFeed } from './partition-feed.ts'
import { backoffMs, pause } from './pauses.ts'
import { startingPoint } from './starting-point.ts'
import type { Tenure } from './tenure.ts'

export interface FeedStarter {
  /** Finds out where each partition of the tenure is to be started, and starts it. */
  startAll(tenure: Tenure): Promise<void>
  /** Starts one anew after its worker found that it is not the owner, or its log was cut. */
  restart(feed: PartitionFeed, tenure: Tenure): Promise<void>
}

export interface FeedStarterOptions extends Pick<ConsumeOptions, 'group' | 'startAt' | 'onRetentionLoss'> {
  readonly cluster: Cluster
  readonly handOut: HandOut
  readonly signal: AbortSignal
  readonly log: KafkaLog
  readonly onStarted: () => void
  readonly onFailed: (error: unknown) => void
}

/** What there is of a partition, and what its group has committed. */
type Facts = (feed: PartitionFeed) => Bounds & { readonly committed: number | null }

export function createFeedStarter(options: FeedStarterOptions): FeedStarter {
  const { cluster, group, handOut, signal, log } = options
  return {
    async startAll(tenure) {
      const feeds = [...tenure.feeds.values()]
      // One look for all of them; should it fail, each looks for itself.
      const facts = await factsOf(feeds).catch(() => null)
      await Promise.all(feeds.map((feed) => start(feed, tenure, handOut.inWork().has(feed.name) ? null : facts)))
    },
    async restart(feed, tenure) {
      close(feed)
      feed.faults += 1
      // Ever more slowly if it keeps failing.
      if (feed.faults > 1) await pause(backoffMs(feed.faults, 100, 5_000), signal)
      await tenure.beat()
      await start(feed, tenure, null)
    },
  }

  async function start(feed: PartitionFeed, tenure: Tenure, known: Facts | null): Promise<void> {
    close(feed)
    const { epoch } = feed
    let facts = known
    for (let attempt = 1; ; attempt++) {
      // What an earlier generation has in work comes back first: one batch of a partition at a time.
      await handOut.inWork().get(feed.name)?.done
      if (!tenure.isOpen() || feed.epoch !== epoch) return
      try {
        if (attempt > 1) await tenure.beat()
        facts ??= await factsOf([feed])
        const point = await startingPoint(feed, facts(feed), options)
        if (!tenure.isOpen() || feed.epoch !== epoch) return
        open(feed, point)
        tenure.attend()
        options.onStarted()
        return
      } catch (error) {
        if (!mayPass(error)) return options.onFailed(asFault(error, `start ${feed.name}`, cluster.brokers))
        facts = null
        log('warn', `${feed.name} cannot be started yet: trying on`, { attempt, error: String(error) })
        await pause(backoffMs(attempt, 100, 5_000), signal)
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
}

function mayPass(error: unknown): boolean {
  const code = codeOf(error)
  return error instanceof OwnershipLost || isAway(error) || (code !== null && isPassing(code))
}
