import { type Applied, type Batch, type Effects, type Engines, OwnershipLost } from '@dateline/ports'
import { type Patience, patiently } from './patiently.ts'

export interface ApplyOptions extends Omit<Patience, 'goOn'> {
  /** Milliseconds after which a batch asks whether it is still its owner's before its changelog leaves; absent: it does not ask. */
  readonly freshForMs?: number
}

/**
 * All effects of one batch, in the order of the promises: appends, changelog, state, position. Commit comes last: a crash anywhere
 * repeats the batch, never loses it. Throws OwnershipLost when the state belongs to another owner by now.
 */
export async function applyEffects(
  engines: Engines,
  batch: Batch,
  effects: Effects,
  options: ApplyOptions = {},
): Promise<void> {
  const patient: Patience = { ...options, goOn: () => batch.stillOwned() }
  const { applyAtOnce } = engines
  if (applyAtOnce) {
    if ((await patiently(() => applyAtOnce(effects), patient)) === 'refused') throw refusal(batch)
    return
  }
  if (effects.appends.length > 0) await append(engines, effects.appends, patient)
  if (effects.changelog.length > 0) {
    await requireOwned(batch, options.freshForMs ?? Number.POSITIVE_INFINITY)
    await append(engines, effects.changelog, patient)
  }
  if (effects.state !== null) await store(engines, batch, effects.state, patient)
  await patiently(() => batch.commit(effects.position.next), patient)
}

/**
 * A late event is a repeat that every reader drops. A late changelog record is worse: compaction keeps the last record of a story, and it
 * would outlive the newer one of the owner since.
 */
async function requireOwned(batch: Batch, freshForMs: number): Promise<void> {
  if (performance.now() - batch.fetchedAtMs > freshForMs && !(await batch.stillOwned()))
    throw new OwnershipLost(`Partition ${batch.partition} of ${batch.topic} has another owner by now`)
}

async function append(engines: Engines, records: Effects['appends'], patience: Patience): Promise<void> {
  const outcomes = await patiently(() => engines.log.append(records), patience)
  const at = outcomes.findIndex((outcome) => outcome.kind === 'too-large')
  // Sizes were checked before: the topic's own limit must be smaller than infra/topics.json says.
  if (at >= 0)
    throw new Error(
      `The topic ${records[at]?.topic} takes smaller records than infra/topics.json says: raise its max.message.bytes.`,
    )
}

/** A store whose answer got lost is refused when repeated: then it was ours if the token is ours and the position is the new one. */
async function store(
  engines: Engines,
  batch: Batch,
  write: NonNullable<Effects['state']>,
  patience: Patience,
): Promise<void> {
  if ((await patiently(() => engines.state.store(write), patience)) === 'stored') return
  const now = await patiently(() => engines.state.load(write.partition, []), patience)
  if (now.token === write.expected.token && sameApplied(now.applied, write.applied)) return
  throw refusal(batch)
}

export const sameApplied = (left: Applied | null, right: Applied | null): boolean =>
  left?.logId === right?.logId && left?.offset === right?.offset

const refusal = (batch: Batch): OwnershipLost =>
  new OwnershipLost(`The state of partition ${batch.partition} of ${batch.topic} has another owner or was set back`)
