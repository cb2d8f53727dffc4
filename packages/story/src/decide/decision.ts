import type { Change, OutcomeKind, ParsedRecord, Reason, StoryState } from '@dateline/contracts'

/** All that a decision may look at besides the state: no clock, no configuration. */
export interface DecisionInput {
  readonly storyKey: string
  readonly record: ParsedRecord
  /** Log time of the record in `stories.parsed`, milliseconds since 1970. */
  readonly logTimeMs: number
}

export interface Verdict {
  readonly outcome: OutcomeKind
  readonly reason: Reason
  readonly detail?: string
}

export type StoryEventKind =
  | 'published'
  | 'updated'
  | 'corrected'
  | 'killed'
  | 'withheld'
  | 'restored'
  /** Goes to `stories.embargoed`, never to `stories`. */
  | 'embargoed'

export interface DecidedEvent {
  readonly kind: StoryEventKind
  readonly id: string
  readonly seq: number
  /** The supplier's, or the one that the item took from the state. */
  readonly version?: string
  readonly revision: number
  readonly change: Change
  /** `item`: the document that came with the record. `notice`: a desk's kill, made from the command. `bare`: uri and version alone, of a story that was only ever held. */
  readonly document: 'item' | 'notice' | 'bare'
}

export interface Decision {
  /** null for a command that worked and changes no receipt. */
  readonly verdict: Verdict | null
  readonly event: DecidedEvent | null
  /** null: the state stays as it is. */
  readonly next: StoryState | null
  /** The event that is no longer held. */
  readonly unheld: string | null
}

const unchanged = { event: null, next: null, unheld: null }

/** Nothing leaves; the state may remember something all the same. */
export const nothing = (
  outcome: OutcomeKind,
  reason: Reason,
  more: { readonly detail?: string; readonly next?: StoryState | null } = {},
): Decision => ({
  ...unchanged,
  next: more.next ?? null,
  verdict: more.detail === undefined ? { outcome, reason } : { outcome, reason, detail: more.detail },
})
