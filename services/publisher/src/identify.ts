import type { Item, ParsedRecord, RejectReason, StoryState } from '@dateline/contracts'
import { captureOf, contentKeyOf, type Decision, isForgotten, likenesses, nothing } from '@dateline/story'
import type { CaptureChange, Memory } from './memory.ts'

const refreshAfterMs = 3_600_000

export interface Identified {
  readonly storyKey: string
  /** The item with the version that it has among the captures of its story. */
  readonly item: Item
  /** Set where nothing is left to decide. */
  readonly decision?: Decision
  readonly capture?: CaptureChange
}

/** Why a record can be no story's; null when it can. A kill that names no story must never match one by its text. */
export function namelessFault(line: ParsedRecord): { readonly reason: RejectReason; readonly detail: string } | null {
  if (line.storyKey !== undefined || line.kind !== 'item') return null
  if (line.pubStatus !== 'usable') return { reason: 'kill-without-id', detail: `pubStatus ${line.pubStatus}` }
  return line.content === undefined ? { reason: 'invalid', detail: 'neither a story key nor content' } : null
}

/** Which story an item is; without a supplier's id, by the captures of its feed within two days. */
export function identify(item: Item, logTimeMs: number, memory: Memory): Identified {
  const { content, feed, receivedAt } = item
  if (item.storyKey !== undefined || content === undefined) return { storyKey: item.storyKey ?? '', item }
  const [likest] = likenesses(item, logTimeMs, memory.window(feed).values())
  const storyKey = likest?.capture.storyKey ?? contentKeyOf(item)
  const known = memory.story(storyKey)
  const state = known === null || isForgotten(known, logTimeMs) ? null : known
  const captured: CaptureChange = { kind: 'capture', feed, storyKey, capture: captureOf(item, storyKey) }
  switch (likest?.kind) {
    case 'same': {
      // A page that stays for days stays known.
      const isRefreshed = Date.parse(receivedAt) - likest.capture.receivedMs >= refreshAfterMs
      const capture = isRefreshed ? { capture: captured } : {}
      if (state?.status === 'lifted') return { storyKey, item: withVersion(item, state.version), ...capture }
      return { storyKey, item, decision: nothing('duplicate', 'same-content'), ...capture }
    }
    case 'contained':
      return { storyKey, item, decision: nothing('stale', 'contained') }
    case 'earlier':
      return { storyKey, item, decision: nothing('stale', 'older-version') }
    default:
      return { storyKey, item: withVersion(item, nextVersion(item, state)), capture: captured }
  }
}

/** 1, 2, 3 … over the captures of a story. What is decided again after a crash keeps its number. */
function nextVersion(item: Item, state: StoryState | null): string {
  if (state?.version === undefined) return '1'
  const isKnown = state.sourceHash === item.sourceHash || state.current === item.position
  return isKnown ? state.version : String(Number(state.version) + 1)
}

const withVersion = (item: Item, version: string | undefined): Item =>
  version === undefined ? item : { ...item, version }
