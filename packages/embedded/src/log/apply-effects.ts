import type { Effects } from '@dateline/ports'
import { isAsExpected, storeState } from '../state/state-operations.ts'
import type { GroupContext } from '../store/group-context.ts'
import { appendRecords, type Obstacle, obstacleTo, tooLargeIn } from './append-records.ts'
import type { PackedRecords } from './pack-records.ts'
import { mayCommit, writePosition } from './position-operations.ts'

export interface ApplyInput {
  readonly nowMs: number
  /** The connection; null when it has no members. */
  readonly owner: string | null
  readonly appends: PackedRecords
  readonly changelog: PackedRecords
  readonly state: Effects['state']
  readonly position: Effects['position']
}

export type ApplyAnswer =
  | { readonly kind: 'applied' | 'refused' | 'lost' }
  | { readonly kind: 'too-large'; readonly topic: string; readonly bytes: number; readonly limitBytes: number }
  | Obstacle

/** All that a batch does to the world. Whatever forbids it is looked at before anything is written. */
export function applyEffects(group: GroupContext, input: ApplyInput): ApplyAnswer {
  const { position, state, nowMs } = input
  const topic = group.topic(position.topic)
  if (topic === null) return { kind: 'no-topic', topic: position.topic }
  if (state !== null && !isAsExpected(group, state)) return { kind: 'refused' }
  if (!mayCommit(group, { ...position, topicId: topic.id, owner: input.owner })) return { kind: 'lost' }
  const packs = [input.appends, input.changelog]
  for (const packed of packs) {
    const obstacle = obstacleTo(group, packed)
    if (obstacle !== null) return obstacle
    const tooLarge = tooLargeIn(group, packed)
    if (tooLarge !== null) return { kind: 'too-large', ...tooLarge }
  }
  for (const packed of packs) appendRecords(group, packed, nowMs)
  if (state !== null) storeState(group, state)
  writePosition(group, { ...position, topicId: topic.id })
  return { kind: 'applied' }
}
