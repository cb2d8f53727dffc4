import type { Item, StoryState } from '@dateline/contracts'
import { decide } from '@dateline/story'

/** What publishing a replayed item would do. */
export type Judgement =
  /** The current version, and its document is the same; or a repeat of it. */
  | { readonly kind: 'same' }
  /** Not the current version, or of a story that is recalled. */
  | { readonly kind: 'older' }
  /** `isSent`: this very replay did it already, before a crash. */
  | {
      readonly kind: 'changed' | 'accepted'
      readonly isSent: boolean
      readonly reason: string
      readonly next: StoryState
    }

/**
 * The publisher's own decision on the state as it is, and nothing kept of it. What the desk has lifted stays away: a replay is not the
 * agency sending it again.
 */
export function judgeItem(
  state: StoryState | null,
  item: Item,
  { storyKey, nowMs }: { readonly storyKey: string; readonly nowMs: number },
): Judgement {
  const isCurrent = state?.current === item.position
  if (state !== null && isCurrent && state.attempt === item.attempt)
    return { kind: state.revision > 0 ? 'changed' : 'accepted', isSent: true, reason: '', next: state }
  if (state?.status === 'lifted') return { kind: 'older' }
  const { event, verdict, next } = decide(state, { storyKey, record: item, logTimeMs: nowMs })
  if (event === null || next === null) return { kind: verdict?.outcome === 'duplicate' ? 'same' : 'older' }
  return { kind: isCurrent ? 'changed' : 'accepted', isSent: false, reason: verdict?.reason ?? '', next }
}
