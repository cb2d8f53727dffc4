import type { DeskKill, StoryState } from '@dateline/contracts'
import { type Decision, type DecisionInput, nothing } from './decision.ts'
import { eventId } from './event-id.ts'

/** A desk's kill names no version: it kills the story, whatever comes, until the desk lifts it. */
export function decideDeskKill(state: StoryState | null, { by }: DeskKill, input: DecisionInput): Decision {
  if (state?.desk !== undefined) return nothing('duplicate', 'already-killed', { detail: `killed by ${state.desk}` })
  if (state?.status === 'killed') return nothing('duplicate', 'already-killed', { next: { ...state, desk: by } })
  const seq = (state?.seq ?? 0) + 1
  const version = state?.version
  const revision = (state?.revision ?? -1) + 1
  const id = eventId({
    storyKey: input.storyKey,
    seq,
    version,
    sourceHash: undefined,
    outputHash: undefined,
    kind: 'killed',
  })
  const { heldEventId, ...rest } = state ?? ({ reach: 'none' } as Pick<StoryState, 'reach'> & { heldEventId?: string })
  return {
    verdict: { outcome: 'recalled', reason: 'killed', detail: `killed by ${by}` },
    event: {
      kind: 'killed',
      id,
      seq,
      ...(version === undefined ? {} : { version }),
      revision,
      change: 'status',
      document: state?.reach === 'held' ? 'bare' : 'notice',
    },
    next: {
      ...rest,
      seq,
      status: 'killed',
      shown: 'recall',
      revision,
      desk: by,
      eventId: id,
      lastEventAt: new Date(input.logTimeMs).toISOString(),
    },
    unheld: heldEventId ?? null,
  }
}

/** Publishes nothing by itself: the newest version leaves again when it comes again, or a newer one. A supplier's recall stands. */
export function decideLift(state: StoryState | null): Decision {
  if (state?.desk === undefined) return nothing('ignored', 'lift-not-killed')
  const { desk: _lifted, ...rest } = state
  return { verdict: null, event: null, next: { ...rest, status: state.recall?.status ?? 'lifted' }, unheld: null }
}
