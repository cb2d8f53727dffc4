import type { Item, StoryState } from '@dateline/contracts'
import { decideDeskKill, decideLift } from './decide-desk.ts'
import { decideRecall } from './decide-recall.ts'
import { decideRelease } from './decide-release.ts'
import { decideUsable } from './decide-usable.ts'
import { type Decision, type DecisionInput, nothing } from './decision.ts'

const dayMs = 86_400_000
/** A state is forgotten this long after its last event, and what was received longer ago comes too late. */
export const keptForMs = 400 * dayMs

/** What becomes of an item or command of a story, and what the story's state is then. Pure: no clock, no configuration. */
export function decide(state: StoryState | null, input: DecisionInput): Decision {
  const known = state !== null && isForgotten(state, input.logTimeMs) ? null : state
  const { record } = input
  switch (record.kind) {
    case 'item':
      return decideItem(known, record, input)
    case 'release':
      return decideRelease(known, record, input)
    case 'kill':
      return decideDeskKill(known, record, input)
    case 'lift':
      return decideLift(known)
  }
}

/** Whether the state was or may be nulled by then: it counts as absent, whether the store still has it or not. */
export const isForgotten = (state: StoryState, atMs: number): boolean =>
  Date.parse(state.lastEventAt) + keptForMs < atMs

function decideItem(state: StoryState | null, item: Item, input: DecisionInput): Decision {
  if (Date.parse(item.receivedAt) + keptForMs < input.logTimeMs)
    return nothing('stale', 'too-old', { detail: `received ${item.receivedAt}` })
  return item.pubStatus === 'usable' ? decideUsable(state, item, input) : decideRecall(state, item, input)
}
