import { OwnershipLost, type StateStore } from '@dateline/ports'
import { sameApplied } from './apply-effects.ts'
import type { Ownership } from './take-over.ts'
import type { LoadedState, StatefulWorker, WorkerBatch } from './worker.ts'

const none: ReadonlyMap<string, string> = new Map()

/**
 * The states that a fold needs, in one call, or two where the first tells what else. Throws OwnershipLost unless token and applied
 * position are as this owner last saw them.
 */
export async function loadState(
  store: StateStore,
  owner: Ownership,
  { worker, batch }: { readonly worker: Pick<StatefulWorker, 'needs' | 'needsMore'>; readonly batch: WorkerBatch },
): Promise<LoadedState> {
  const { partition } = batch
  const first = await load(store, partition, owner, worker.needs(batch))
  const more = worker.needsMore?.(batch, first) ?? []
  if (more.length === 0) return first
  const second = await load(store, partition, owner, { keys: more, groups: [] })
  return { value: (key) => first.value(key) ?? second.value(key), group: first.group }
}

async function load(
  store: StateStore,
  partition: number,
  owner: Ownership,
  needs: { readonly keys: readonly string[]; readonly groups: readonly string[] },
): Promise<LoadedState> {
  const loaded = await store.load(partition, needs.keys, needs.groups)
  if (loaded.token !== owner.token || !sameApplied(loaded.applied, owner.applied)) {
    throw new OwnershipLost(`The state of partition ${partition} has another owner or was set back`)
  }
  const values = new Map<string, string>()
  needs.keys.forEach((key, index) => {
    const value = loaded.values[index]
    if (value !== null && value !== undefined) values.set(key, value)
  })
  return { value: (key) => values.get(key), group: (name) => loaded.groups.get(name) ?? none }
}
