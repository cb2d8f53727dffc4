import type { Release, StoryState } from '@dateline/contracts'
import { type Decision, type DecisionInput, nothing, type StoryEventKind } from './decision.ts'
import { holds } from './embargo.ts'
import { eventId } from './event-id.ts'

/** An embargo is said to be due. Released is only what is still held, unchanged, and due by the log's own time. */
export function decideRelease(state: StoryState | null, command: Release, input: DecisionInput): Decision {
  const refused = (detail: string): Decision => nothing('ignored', 'release-not-held', { detail })
  if (state === null) return refused('the story is not known')
  if (state.status !== 'held' || state.heldEventId !== command.eventId) return refused('the event is not held any more')
  if (state.outputHash !== command.item.outputHash) return refused('the document is not the one that is held')
  if (holds(state.embargo, input.logTimeMs)) return refused(`the embargo holds: ${state.embargo}`)
  const { kind, change } = changeOf(state, command)
  const seq = state.seq + 1
  const { version, revision, sourceHash, outputHash, heldEventId, ...rest } = state
  const id = eventId({ storyKey: input.storyKey, seq, version, sourceHash, outputHash, kind })
  return {
    verdict: { outcome: 'published', reason: 'released' },
    event: { kind, id, seq, ...(version === undefined ? {} : { version }), revision, change, document: 'item' },
    next: {
      ...rest,
      ...(version === undefined ? {} : { version }),
      revision,
      ...(sourceHash === undefined ? {} : { sourceHash }),
      outputHash: command.item.outputHash,
      seq,
      status: 'live',
      shown: 'story',
      reach: 'out',
      eventId: id,
      lastEventAt: new Date(input.logTimeMs).toISOString(),
    },
    unheld: heldEventId ?? null,
  }
}

function changeOf(
  state: StoryState,
  { item }: Release,
): { readonly kind: StoryEventKind; readonly change: 'new' | 'status' | 'correction' | 'repeat' | 'content' } {
  if (state.shown === 'nothing') return { kind: 'published', change: 'new' }
  if (state.shown === 'recall') return { kind: 'restored', change: 'status' }
  if (item.change === 'correction') return { kind: 'corrected', change: 'correction' }
  return { kind: 'updated', change: item.change ?? 'content' }
}
