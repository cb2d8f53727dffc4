import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, EventLog } from '@dateline/ports'
import { OwnershipLost, TransientFault } from '@dateline/ports'

export interface LagGate {
  /** Resolves when every partition has room; `counts` is how many records go to each. Waiting counts as progress; throws OwnershipLost when the batch is no longer ours. */
  pass(batch: Batch, counts: ReadonlyMap<number, number>): Promise<void>
  stop(): void
}

export interface LagGateOptions {
  readonly log: Pick<EventLog, 'offsets'>
  readonly topic: string
  readonly group: string
  readonly limit: number
  readonly pollMs?: number
  readonly onHeld?: (isHeld: boolean) => void
}

/** Holds a lane back while the group it feeds lags on the partitions it targets. Unknown counts as over the limit. */
export function createLagGate(options: LagGateOptions): LagGate {
  const pollMs = options.pollMs ?? 50
  let lags: ReadonlyMap<number, number> | null = null
  let measuredAtMs = Number.NEGATIVE_INFINITY
  let measuring: Promise<void> | null = null
  let stopped = false
  // What was let through since the last look counts too, else a burst passes between two looks.
  const passed = new Map<number, number>()

  return {
    async pass(batch, counts) {
      let isHeld = false
      while (!stopped) {
        await refresh()
        if ([...counts.keys()].every(hasRoom)) break
        if (!isHeld) options.onHeld?.(true)
        isHeld = true
        await sleep(pollMs / 2)
        if (!(await batch.stillOwned()))
          throw new OwnershipLost(
            `Partition ${batch.partition} of ${batch.topic} went to another member while its lane waited`,
          )
      }
      if (isHeld) options.onHeld?.(false)
      if (stopped) throw new TransientFault('log', 'The lane was stopped while it waited for the publisher')
      for (const [partition, count] of counts) passed.set(partition, (passed.get(partition) ?? 0) + count)
    },
    stop() {
      stopped = true
    },
  }

  function hasRoom(partition: number): boolean {
    const lag = lags?.get(partition)
    return lag !== undefined && lag + (passed.get(partition) ?? 0) <= options.limit
  }

  async function refresh(): Promise<void> {
    if (performance.now() - measuredAtMs < pollMs) return
    measuring ??= measure().finally(() => {
      measuring = null
    })
    await measuring
  }

  async function measure(): Promise<void> {
    try {
      const offsets = await options.log.offsets(options.topic, options.group)
      lags = new Map(
        offsets.map((entry) => [entry.partition, entry.high - Math.max(entry.committed ?? entry.low, entry.low)]),
      )
      passed.clear()
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error
      lags = null
    }
    measuredAtMs = performance.now()
  }
}
