import { setTimeout as sleep } from 'node:timers/promises'
import { type Batch, type Engines, TransientFault } from '@dateline/ports'
import {
  consumeFeeds,
  createPulse,
  durationMs,
  type FeedConsumption,
  failure,
  feedOfTopic,
  flashTopic,
  type Service,
  type ServiceContext,
  tellFault,
  wireTopic,
} from '@dateline/runtime'
import { createHeldChains, type Place } from './held-chains.ts'
import { createTroubles } from './troubles.ts'

/** Most bytes held over all partitions. */
const HELD_BYTES = 67_108_864

/** A ServiceContext is one. */
export interface ArchiverContext extends Pick<ServiceContext, 'settings' | 'feeds' | 'log' | 'metrics' | 'alarms'> {
  readonly engines: Pick<Engines, 'log' | 'archive'>
}

/** The raw bytes of every wire message to the archive, as a consumer group of its own: a slow or absent archive never delays news. */
export function archiver(context: ArchiverContext): Service {
  const { engines, metrics, alarms, log, settings } = context
  const flushAfterMs = durationMs(settings.archive.flushAfter)
  const { failed, fail } = failure()
  const pulse = createPulse()
  const troubles = createTroubles(alarms)
  const chains = createHeldChains({
    archive: engines.archive,
    log: engines.log,
    objectBytes: settings.archive.flushBytes,
    heldBytes: HELD_BYTES,
    onWritten(place, { result, count, rawBytes }) {
      const feed = feedOf(place)
      metrics.archiveObjects.inc({ feed, result })
      metrics.archived.inc({ feed }, count)
      metrics.archivedBytes.inc({ feed }, rawBytes)
      if (result === 'adopted')
        log.info(`${nameOf(place)} goes on behind an object that another archiver had made`, { feed })
      troubles.over(feed, nameOf(place))
    },
    onLoss(place, { from, to }) {
      alarms.raise(
        'retention-loss',
        feedOf(place),
        `${nameOf(place)}: ${to - from} offsets were no longer kept by the log when the archiver came to them. They are a gap in the archive.`,
        { from, to },
      )
    },
    onStopped: (place, message) =>
      troubles.begin(
        feedOf(place),
        nameOf(place),
        `${message}. Nothing of ${nameOf(place)} is archived until it is mended.`,
      ),
    onRefused: (place, message) => troubles.begin(feedOf(place), nameOf(place), message),
    onFault: (fault) => tellFault(context, 'archiver', fault),
    onReplaced: rejoin,
  })
  let consumption: FeedConsumption | null = null
  let rejoining: Promise<void> | null = null
  let isStopping = false
  const timer = setInterval(turn, Math.min(1_000, Math.max(20, flushAfterMs / 4)))
  timer.unref()

  return {
    name: 'archiver',
    failed,
    async start() {
      consumption = await join()
    },
    async stop(deadlineMs) {
      isStopping = true
      clearInterval(timer)
      const deadline = performance.now() + deadlineMs
      // What is not put by the deadline is read again from the end of the chain.
      await Promise.race([chains.flushOlderThan(0).catch(fail), sleep(deadlineMs * 0.6, undefined, { ref: false })])
      await rejoining
      await consumption?.stop(Math.max(0, deadline - performance.now()))
    },
    isReady: () => consumption?.isReady() ?? false,
    isLive: pulse.isLive,
  }

  function join(): Promise<FeedConsumption> {
    return consumeFeeds({
      log: engines.log,
      feeds: context.feeds,
      topicsOf: (feed) => [wireTopic(feed.name), flashTopic(feed.name)],
      group: 'archiver',
      maxRecords: 1_000,
      maxBytes: 4_194_304,
      // Nobody waits for the archive.
      gatherMs: 250,
      sessionTimeoutMs: durationMs(settings.consumers.sessionTimeout),
      startAt: chains.open,
      handle,
      onRetentionLoss: (loss) => chains.tellLoss(loss, loss.to),
      onFailed: fail,
    })
  }

  async function handle(batch: Batch): Promise<void> {
    if (isStopping) throw new TransientFault('archive', 'The archiver stops')
    try {
      await chains.take(batch)
    } catch (error) {
      if (error instanceof TransientFault) tellFault(context, 'archiver', error)
      throw error
    }
  }

  /** Puts what has waited long enough: a quiet feed is archived too. */
  function turn(): void {
    pulse.beat()
    chains.flushOlderThan(flushAfterMs).catch(fail)
  }

  /** Messages of the new log were taken for the old one's: all partitions are read anew from the ends of their chains. */
  function rejoin(): void {
    if (isStopping) return
    rejoining ??= (async () => {
      await consumption?.stop(5_000)
      consumption = await join()
    })()
      .catch(fail)
      .finally(() => {
        rejoining = null
      })
  }
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`

const feedOf = ({ topic }: Place): string => feedOfTopic(topic) ?? topic
