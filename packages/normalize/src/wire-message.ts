import type { IgnoreReason, Item, Lane, RejectReason } from '@dateline/contracts'
import type { FeedProfile } from '@dateline/formats'

/** A wire message as it lies in the log or the archive. */
export interface WireMessage {
  readonly bytes: Uint8Array
  readonly feed: FeedProfile
  readonly contentType?: string
  /** Milliseconds since 1970, from the log. */
  readonly receivedAtMs: number
  /** By `formatPosition`. */
  readonly position: string
  readonly lane: Lane
  /** "0" unless said: the id of a replay or retry with its ordinal. */
  readonly attempt?: string
  readonly replayId?: string
  readonly traceparent?: string
}

/** What a wire message holds, in its order. At least one entry: a message that gives no item is one reject or ignore. */
export interface NormalizedMessage {
  readonly items: readonly NormalizedItem[]
}

export type NormalizedItem =
  | {
      readonly kind: 'item'
      readonly item: Item
      /** ninjs 3.1, as it follows the item in `stories.parsed`. */
      readonly document: string
      /** Paths of what the item holds and a story has no place for. */
      readonly unmapped?: readonly string[]
    }
  | {
      readonly kind: 'reject'
      readonly reason: RejectReason
      readonly detail: string
      /** Name of the step that said so. */
      readonly step: string
    }
  | { readonly kind: 'ignore'; readonly reason: IgnoreReason; readonly detail: string; readonly step: string }
