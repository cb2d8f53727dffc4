import { randomUUID } from 'node:crypto'
import { type Batch, OwnershipLost, type PartitionStart, TransientFault } from '@dateline/ports'
import {
  consumeFeeds,
  createPulse,
  durationMs,
  type FeedConsumption,
  failure,
  feedOfTopic,
  flashTopic,
  logIdOf,
  patiently,
  type Service,
  type ServiceContext,
  tellFault,
  wireTopic,
} from '@dateline/runtime'
import { type ChainWriter, openChainWriter } from './chain-writer.ts'

/** Most raw bytes held over all partitions; above it the fullest is put at once. */
const maxHeldBytes = 67_108_864

interface Chain {
  readonly writer: ChainWriter
  batch: Batch | null
  /** What a flush by the clock met; the next batch of the partition hears of it. */
  fault: unknown
}

/** The raw bytes of every wire message to the archive, as a consumer group of its own: a slow or absent archive never delays news. */
export function archiver(context: ServiceContext): Service {
  const { engines, metrics, alarms, log, settings } = context
  const flushAfterMs = durationMs(settings.archive.flushAfter)
  const { failed, fail } = failure()
  const pulse = createPulse()
  const chains = new Map<string, Chain>()
  const writer = randomUUID()
  let consumption: FeedConsumption | null = null
  let ticking = false
  const timer = setInterval(() => void tick(), Math.min(1_000, Math.max(50, flushAfterMs / 4)))
  timer.unref()
  return {
    name: 'archiver',
    failed,
    async start() {
      consumption = await consumeFeeds({
        log: engines.log,
        feeds: context.feeds,
        topicsOf: (feed) => [wireTopic(feed.name), flashTopic(feed.name)],
        group: 'archiver',
        maxRecords: 1_000,
        maxBytes: 4_194_304,
        startAt,
        handle,
        sessionTimeoutMs: durationMs(settings.consumers.sessionTimeout),
        onRetentionLoss: (loss) =>
          alarms.raise(
            'retention-loss',
            feedOfTopic(loss.topic) ?? '',
            `${loss.topic}/${loss.partition}: ${loss.to - loss.from} messages were no longer kept when the archiver came to them. They are a gap in the archive.`,
            loss,
          ),
        onFailed: fail,
      })
    },
    async stop(deadlineMs) {
      clearInterval(timer)
      // The members in hand are put before the group is left; what is not put by the deadline is read again.
      await Promise.race([flushAll(), new Promise((resolve) => setTimeout(resolve, deadlineMs / 2).unref())])
      await consumption?.stop(deadlineMs / 2)
    },
    isReady: () => consumption?.isReady() ?? false,
    isLive: pulse.isLive,
  }

  async function startAt({ topic, partition, low }: PartitionStart): Promise<number> {
    chains.delete(keyOf(topic, partition))
    const chain = { topic, logId: await logIdOf(engines.log, topic), partition }
    const feed = feedOfTopic(topic) ?? topic
    const opened = await openChainWriter(engines.archive, chain, low, {
      writer,
      events: {
        onObject(result, object) {
          metrics.archiveObjects.inc({ feed, result })
          metrics.archived.inc({ feed }, object.messages)
          metrics.archivedBytes.inc({ feed }, object.rawBytes)
          if (result !== 'created')
            log.warn(
              result === 'gap'
                ? `A gap was written into the archive of ${topic}/${partition}`
                : `An object of ${topic}/${partition} was there already and was adopted`,
              { feed },
            )
        },
        onBroken: (_chain, message) => alarms.raise('archive-chain', feed, message),
      },
    })
    chains.set(keyOf(topic, partition), { writer: opened, batch: null, fault: null })
    return opened.next
  }

  async function handle(batch: Batch): Promise<void> {
    pulse.beat()
    const chain = chains.get(keyOf(batch.topic, batch.partition))
    if (chain === undefined) throw new OwnershipLost(`${batch.topic}/${batch.partition} was not opened`)
    if (chain.fault instanceof OwnershipLost) throw chain.fault
    const first = batch.records[0]
    if (first !== undefined && first.offset > chain.writer.next && !(await startsLater(batch, chain)))
      throw new OwnershipLost(
        `${batch.topic}/${batch.partition} was read from ${first.offset} instead of ${chain.writer.next}`,
      )
    chain.writer.add(batch)
    chain.batch = batch
    if (chain.writer.bufferedBytes >= settings.archive.flushBytes || heldBytes() > maxHeldBytes) {
      await patiently(() => flush(chain), {
        onFault: (fault) => tellFault(context, 'archiver', fault),
        goOn: () => {
          pulse.beat()
          return batch.stillOwned()
        },
      })
    }
  }

  /** Offsets that hold no message (an agency's transactions leave such) are skipped by the chain's `next`; nothing else may be. */
  async function startsLater(batch: Batch, chain: Chain): Promise<boolean> {
    const [missed] = await engines.log.read(batch.topic, batch.partition, chain.writer.next, { maxRecords: 1 })
    return missed === undefined || missed.offset >= (batch.records[0]?.offset ?? 0)
  }

  async function flush(chain: Chain): Promise<void> {
    await chain.writer.flush()
    await chain.batch?.commit(chain.writer.next).catch(() => {})
  }

  /** Puts what has waited long enough: a quiet feed is archived too. */
  async function tick(): Promise<void> {
    pulse.beat()
    if (ticking) return
    ticking = true
    try {
      for (const chain of chains.values()) {
        if (performance.now() - chain.writer.openedAtMs >= flushAfterMs) await attempt(chain)
      }
    } finally {
      ticking = false
    }
  }

  async function flushAll(): Promise<void> {
    await Promise.all([...chains.values()].map(attempt))
  }

  async function attempt(chain: Chain): Promise<void> {
    try {
      await flush(chain)
    } catch (error) {
      if (error instanceof TransientFault) tellFault(context, 'archiver', error)
      else if (error instanceof OwnershipLost) chain.fault = error
      else fail(error)
    }
  }

  function heldBytes(): number {
    let sum = 0
    for (const chain of chains.values()) sum += chain.writer.bufferedBytes
    return sum
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`
