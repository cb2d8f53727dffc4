import { type Batch, type Effects, OwnershipLost, partitionOf } from '@dateline/ports'
import { applyEffects } from './apply-effects.ts'
import { consumeFeeds, type FeedConsumption } from './consume-feeds.ts'
import { durationMs } from './duration.ts'
import type { Feed } from './feeds.ts'
import type { LagGate } from './lag-gate.ts'
import { createPulse, withPulse } from './pulse.ts'
import { failure, type Service, type ServiceContext } from './service.ts'
import { tellFault, tellResult } from './tell.ts'
import { logIdOf } from './topics.ts'
import type { StatelessWorker, WorkerResult } from './worker.ts'

export interface StatelessOptions {
  readonly worker: StatelessWorker
  readonly group: string
  readonly topicsOf: (feed: Feed) => readonly string[]
  /** Holds the lane while what it feeds lags; absent: never held. */
  readonly gate?: { readonly topic: string; readonly partitions: number; readonly gate: LagGate }
  readonly maxRecords?: number
  readonly concurrency?: number
}

/** Runs a worker without memory over the wire topics of all feeds: a batch in, its effects applied in order, its position committed. */
export function runStateless(context: ServiceContext, options: StatelessOptions): Service {
  const { worker, group } = options
  const sessionTimeoutMs = durationMs(context.settings.consumers.sessionTimeout)
  const { failed, fail } = failure()
  const pulse = createPulse()
  const beating = setInterval(() => isIdle && pulse.beat(), 5_000).unref()
  let isIdle = true
  let consumption: FeedConsumption | null = null
  const logIds = new Map<string, string>()
  return {
    name: worker.name,
    failed,
    async start() {
      consumption = await consumeFeeds({
        log: context.engines.log,
        feeds: context.feeds,
        topicsOf: options.topicsOf,
        group,
        handle,
        startAt: async ({ topic }) => {
          logIds.delete(topic)
          return null
        },
        maxRecords: options.maxRecords ?? 100,
        sessionTimeoutMs,
        ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
        onRetentionLoss: (loss) =>
          context.alarms.raise(
            'retention-loss',
            loss.topic,
            `${loss.topic}/${loss.partition}: ${loss.to - loss.from} records were no longer kept when ${worker.name} came to them. The archive has them.`,
            loss,
          ),
        onFailed: fail,
      })
    },
    async stop(deadlineMs) {
      options.gate?.gate.stop()
      clearInterval(beating)
      await consumption?.stop(deadlineMs)
    },
    isReady: () => consumption?.isReady() ?? false,
    isLive: pulse.isLive,
  }

  async function handle(given: Batch): Promise<void> {
    const batch = withPulse(given, pulse)
    isIdle = false
    try {
      pulse.beat()
      const startedMs = performance.now()
      const result = worker.handle({
        topic: batch.topic,
        logId: await logId(batch.topic),
        partition: batch.partition,
        records: batch.records,
      })
      if (options.gate) await options.gate.gate.pass(batch, targets(result, options.gate))
      const effects: Effects = {
        appends: result.appends,
        changelog: result.changelog ?? [],
        state: null,
        position: { group, topic: batch.topic, partition: batch.partition, next: batch.next },
      }
      if (performance.now() - batch.fetchedAtMs > sessionTimeoutMs / 2 && !(await batch.stillOwned()))
        throw new OwnershipLost(`Partition ${batch.partition} of ${batch.topic} went to another member`)
      await applyEffects(context.engines, batch, effects, {
        onFault: (fault) => tellFault(context, worker.name, fault),
      })
      tellResult(context, worker.name, batch, result, startedMs)
    } finally {
      isIdle = true
      pulse.beat()
    }
  }

  /** Asked anew each time the topic is joined: a topic made anew has another id. */
  async function logId(topic: string): Promise<string> {
    const known = logIds.get(topic)
    if (known !== undefined) return known
    const found = await logIdOf(context.engines.log, topic)
    logIds.set(topic, found)
    return found
  }
}

function targets(
  result: WorkerResult,
  gate: { readonly topic: string; readonly partitions: number },
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const record of result.appends) {
    if (record.topic !== gate.topic) continue
    const partition = record.partition ?? partitionOf(record.key, gate.partitions)
    counts.set(partition, (counts.get(partition) ?? 0) + 1)
  }
  return counts
}
