import { type Batch, type Consumption, type Effects, OwnershipLost, type PartitionStart } from '@dateline/ports'
import { applyEffects } from './apply-effects.ts'
import { durationMs } from './duration.ts'
import { loadState } from './load-state.ts'
import { patiently } from './patiently.ts'
import { createPulse, withPulse } from './pulse.ts'
import { failure, type Service, type ServiceContext } from './service.ts'
import { type Ownership, takeOver } from './take-over.ts'
import { tellFault, tellResult } from './tell.ts'
import { logIdOf } from './topics.ts'
import type { StatefulWorker } from './worker.ts'

export interface StatefulOptions {
  readonly worker: StatefulWorker
  readonly group: string
  readonly topic: string
  readonly maxRecords?: number
  readonly concurrency?: number
}

/**
 * Runs a fold over one topic, one owner per partition. Per batch: state loaded, records below the applied position skipped, the fold,
 * then its effects in order, all guarded by the owner's token and the applied position.
 */
export function runStateful(context: ServiceContext, options: StatefulOptions): Service {
  const { worker, group, topic } = options
  const { engines, metrics, log } = context
  const sessionTimeoutMs = durationMs(context.settings.consumers.sessionTimeout)
  const { failed, fail } = failure()
  const pulse = createPulse()
  const owned = new Map<number, Ownership>()
  let working = 0
  const beating = setInterval(() => working === 0 && pulse.beat(), 5_000).unref()
  let consumption: Consumption | null = null
  return {
    name: worker.name,
    failed,
    async start() {
      consumption = await engines.log.consume({
        group,
        topics: [topic],
        startAt,
        handle,
        sessionTimeoutMs,
        maxRecords: options.maxRecords ?? 100,
        concurrency: options.concurrency ?? 4,
        onRetentionLoss: (loss) =>
          context.alarms.raise(
            'retention-loss',
            loss.topic,
            `${loss.topic}/${loss.partition}: ${loss.to - loss.from} records were no longer kept when ${worker.name} came to them. Replay that time from the archive.`,
            loss,
          ),
      })
      consumption.ended.catch(fail)
    },
    async stop(deadlineMs) {
      clearInterval(beating)
      await consumption?.stop(deadlineMs)
    },
    isReady: () => consumption?.isReady() ?? false,
    isLive: pulse.isLive,
  }

  async function startAt(start: PartitionStart): Promise<number> {
    const logId = await logIdOf(engines.log, topic)
    const ownership = await takeOver(start, {
      engines,
      worker,
      logId,
      onRestored: (restored) => {
        metrics.restores.inc({ worker: worker.name })
        log.warn(`State of partition ${restored.partition} restored from ${worker.changelogTopic}: ${restored.why}`, {
          partition: restored.partition,
          entries: restored.entries,
        })
      },
    })
    owned.set(start.partition, ownership)
    return ownership.applied.offset + 1
  }

  async function handle(batch: Batch): Promise<void> {
    working += 1
    try {
      pulse.beat()
      await work(withPulse(batch, pulse))
    } catch (error) {
      if (error instanceof OwnershipLost) {
        metrics.ownershipLost.inc({ worker: worker.name })
        log.warn(error.message, { partition: batch.partition })
        owned.delete(batch.partition)
      }
      throw error
    } finally {
      working -= 1
      pulse.beat()
    }
  }

  async function work(batch: Batch): Promise<void> {
    const startedMs = performance.now()
    const owner = owned.get(batch.partition)
    if (owner === undefined) throw new OwnershipLost(`Partition ${batch.partition} of ${topic} was not taken over`)
    const records = batch.records.filter((record) => record.offset > owner.applied.offset)
    const first = records[0]
    if (first === undefined) {
      await batch.commit(batch.next)
      return
    }
    if (first.offset > owner.applied.offset + 1) await allowGap(batch.partition, owner, first.offset)

    const input = { topic, logId: owner.logId, partition: batch.partition, records }
    const state = await patiently(() => loadState(engines.state, owner, { worker, batch: input }), {
      onFault: (fault) => tellFault(context, worker.name, fault),
      goOn: () => batch.stillOwned(),
    })
    const result = worker.fold(input, state)
    const applied = { logId: owner.logId, offset: batch.next - 1 }
    const effects: Effects = {
      appends: result.appends,
      changelog: result.changelog ?? [],
      state: {
        partition: batch.partition,
        puts: result.puts ?? [],
        expected: { token: owner.token, applied: owner.applied },
        applied,
      },
      position: { group, topic, partition: batch.partition, next: batch.next },
    }
    // A batch that slept (a stopped process, a long garbage collection) may have a new owner by now: nothing of it may leave.
    if (performance.now() - batch.fetchedAtMs > sessionTimeoutMs / 2)
      throw new OwnershipLost(`A batch of partition ${batch.partition} grew too old`)
    await applyEffects(engines, batch, effects, {
      freshForMs: sessionTimeoutMs / 2,
      onFault: (fault) => tellFault(context, worker.name, fault),
    })
    owned.set(batch.partition, { ...owner, applied })
    tellResult(context, worker.name, batch, result, startedMs)
  }

  /** The log may start later than the state's position (retention); anything else means that the partition was not read from where it should. */
  async function allowGap(partition: number, owner: Ownership, found: number): Promise<void> {
    const low = (await engines.log.offsets(topic)).find((entry) => entry.partition === partition)?.low ?? 0
    if (found > Math.max(low, owner.applied.offset + 1))
      throw new OwnershipLost(`Partition ${partition} was read from ${found} instead of ${owner.applied.offset + 1}`)
  }
}
