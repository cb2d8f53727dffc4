import type { Change, Lane, OutcomeKind, PublishedStory, Reason } from '@dateline/contracts'

/** A published story as CloudEvents 1.0 in structured mode; `data` is an IPTC ninjs 3.1 document. Unknown attributes are to be ignored. */
export interface StoryEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  /** The story key. */
  readonly subject: string
  readonly time: string
  /** Keep the highest per subject, drop what is not higher. */
  readonly storyseq: number
  readonly storyversion?: string
  readonly revision?: string
  readonly change?: Change
  readonly urgency?: number
  readonly signals?: string
  readonly supplier?: string
  readonly feed?: string
  readonly receivedat?: string
  readonly lane?: Lane
  readonly replaces?: string
  readonly position?: string
  readonly replayid?: string
  readonly data: PublishedStory | null
}

export interface ReceiptOutcome {
  readonly item: number
  readonly outcome: OutcomeKind
  readonly reason: Reason
  readonly detail?: string
  readonly storyKey?: string
  readonly eventId?: string
  readonly storySeq?: number
  readonly version?: string
}

export interface ReceiptState {
  readonly receipt: string
  readonly feed: string
  /** settled: every item has its outcome. */
  readonly state: 'pending' | 'settled'
  readonly position?: string
  readonly receivedAt?: string
  /** The sender's Idempotency-Key. */
  readonly reference?: string
  /** How many items the message holds; null until it was read. */
  readonly items?: number | null
  readonly outcomes: readonly ReceiptOutcome[]
}
