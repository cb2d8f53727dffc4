import { randomUUID } from 'node:crypto'
import {
  type Applied,
  EngineRefusal,
  type Engines,
  OwnershipLost,
  type PartitionStart,
  type StatePut,
} from '@dateline/ports'
import { readPartition } from './read-partition.ts'
import type { StatefulWorker } from './worker.ts'

export interface Ownership {
  readonly token: string
  readonly logId: string
  readonly applied: Applied
}

export interface RestoreOptions {
  readonly engines: Pick<Engines, 'log' | 'state'>
  readonly worker: StatefulWorker
  readonly logId: string
}

export interface TakeOverOptions extends RestoreOptions {
  readonly onRestored: (restored: {
    readonly partition: number
    readonly entries: number
    readonly why: string
  }) => void
}

/**
 * Makes this process the one writer of a partition: a fresh token, and the position after the last record whose effects are all done.
 * The state is restored from its changelog when the store was wiped, when records it waits for are no longer kept, or when the topic was made anew.
 */
export async function takeOver(start: PartitionStart, options: TakeOverOptions): Promise<Ownership> {
  const { engines, logId } = options
  const token = randomUUID()
  const applied = await engines.state.claim(start.partition, token)
  const why = restoreReason(applied, start, logId)
  if (why === null && applied !== null) return { token, logId, applied }
  const { ownership, entries, isEmpty } = await restore(start, token, options)
  if (!isEmpty) options.onRestored({ partition: start.partition, entries, why: why ?? '' })
  return ownership
}

function restoreReason(applied: Applied | null, start: PartitionStart, logId: string): string | null {
  if (applied === null) return 'the store has no position for it'
  if (applied.logId !== logId) return 'the topic was made anew'
  if (applied.offset + 1 < start.low) return 'records that the state waits for are no longer kept'
  if (applied.offset + 1 > start.high) return 'the state is ahead of the log'
  return null
}

/** Restores a partition from its changelog under a fresh token: whoever owned it before is refused from then on. */
export async function restorePartition(
  start: PartitionStart,
  options: RestoreOptions,
): Promise<{ readonly partition: number; readonly entries: number; readonly applied: number }> {
  const token = randomUUID()
  await options.engines.state.claim(start.partition, token)
  const { ownership, entries } = await restore(start, token, options)
  return { partition: start.partition, entries, applied: ownership.applied.offset }
}

async function restore(
  start: PartitionStart,
  token: string,
  options: RestoreOptions,
): Promise<{ readonly ownership: Ownership; readonly entries: number; readonly isEmpty: boolean }> {
  const { engines, worker, logId } = options
  if ((await engines.state.clear(start.partition, token)) === 'refused')
    throw new OwnershipLost(`Partition ${start.partition} has another owner by now`)
  const { entries, highest, isEmpty } = await readChangelog(start.partition, options)
  if (isEmpty && start.committed !== null && start.committed > start.low) {
    throw new EngineRefusal(
      'state',
      `Partition ${start.partition}: the state is gone, ${worker.changelogTopic} is empty, yet the group has worked up to offset ${start.committed}. Starting would publish old stories as new. Restore the store or ${worker.changelogTopic}, or reset the group's offsets if this is meant.`,
    )
  }
  const applied: Applied = { logId, offset: Math.max(highest, start.low - 1) }
  for (let at = 0; at < entries.length; at += 500) await put(entries.slice(at, at + 500), null)
  await put([], applied)
  return { ownership: { token, logId, applied }, entries: entries.length, isEmpty }

  async function put(puts: readonly StatePut[], next: Applied | null): Promise<void> {
    const result = await engines.state.store({
      partition: start.partition,
      puts,
      expected: { token, applied: null },
      applied: next,
    })
    if (result === 'refused')
      throw new OwnershipLost(`Partition ${start.partition} was taken over by another owner while it was restored`)
  }
}

/** The newest record of every story: the highest input offset wins within one log, the later record between logs. */
async function readChangelog(partition: number, options: RestoreOptions) {
  const { engines, worker, logId } = options
  const newest = new Map<string, { input: number; logId: string; put: StatePut }>()
  let highest = -1
  let isEmpty = true
  for await (const record of readPartition(engines.log, worker.changelogTopic, partition)) {
    isEmpty = false
    const entry = worker.restore(record)
    if (entry === null) continue
    if (entry.logId === logId) highest = Math.max(highest, entry.input)
    const key = `${entry.put.group ?? ''}\n${entry.put.key}`
    const known = newest.get(key)
    if (known === undefined || known.logId !== entry.logId || known.input <= entry.input) newest.set(key, entry)
  }
  return {
    entries: [...newest.values()].map((entry) => entry.put).filter((put) => put.value !== null),
    highest,
    isEmpty,
  }
}
