import type { AppendOutcome } from '@dateline/ports'
import { BATCH_HEADER_BYTES, bytesInBatch, type ProducerIdentity, type SizedRecord } from './record-batch.ts'

/** An append that waits for its records. */
export interface Append {
  settled(at: number, outcome: AppendOutcome): void
  failed(error: unknown): void
}

/** A record that waits to be appended: the `at`-th of its append. */
export interface Entry {
  readonly record: SizedRecord
  readonly at: number
  readonly of: Append
}

/** What is on its way to one partition: the same records under the same sequence at every try, so that the broker knows a repeat. */
export interface Sending {
  readonly entries: readonly Entry[]
  readonly sequence: number
  readonly identity: ProducerIdentity
  /** `performance.now()` when the batch was made. */
  readonly sinceMs: number
  readonly attempt: number
  /** Some try had no answer: it may have been appended. */
  readonly isUnknown: boolean
  /** Why the last try did not do. */
  readonly trouble: unknown
}

/** One partition's records in the order of their appends; at most one batch of them is on its way. */
export interface AppendLane {
  readonly topic: string
  readonly partition: number
  readonly waiting: Entry[]
  sending: Sending | null
  /** Busy: its batch is in a request, or pauses before the next try. */
  isBusy: boolean
  identity: ProducerIdentity | null
  sequence: number
  /** Batches are cut to this after the broker found a larger one too large. */
  maxEntries: number
}

export const createLane = (topic: string, partition: number): AppendLane => ({
  topic,
  partition,
  waiting: [],
  sending: null,
  isBusy: false,
  identity: null,
  sequence: 0,
  maxEntries: MAX_ENTRIES,
})

/** A batch of one record may be as large as the topic allows; of several, brokers' default limit stays far away. */
const MAX_BATCH_BYTES = 950_000
const MAX_ENTRIES = 4_000

/** Takes the next batch from the lane: as many of the waiting records as fit, at least one. */
export function takeBatch(
  lane: AppendLane,
  options: { readonly identity: ProducerIdentity; readonly limitBytes: number },
): Sending {
  if (lane.identity !== options.identity) {
    lane.identity = options.identity
    lane.sequence = 0
  }
  const mostBytes = Math.min(MAX_BATCH_BYTES, options.limitBytes)
  let bytes = BATCH_HEADER_BYTES
  let count = 0
  while (count < lane.waiting.length && count < lane.maxEntries) {
    bytes += bytesInBatch((lane.waiting[count] as Entry).record)
    if (bytes > mostBytes && count > 0) break
    count += 1
  }
  return {
    entries: lane.waiting.splice(0, count),
    sequence: lane.sequence,
    identity: options.identity,
    sinceMs: performance.now(),
    attempt: 1,
    isUnknown: false,
    trouble: null,
  }
}

/** The broker has the batch. Sequences start anew after 2^31 - 1. */
export function settle(lane: AppendLane, sending: Sending, baseOffset: number): void {
  lane.sequence = (sending.sequence + sending.entries.length) % 0x8000_0000
  lane.sending = null
  lane.maxEntries = MAX_ENTRIES
  const { partition } = lane
  for (let at = 0; at < sending.entries.length; at++) {
    const entry = sending.entries[at] as Entry
    entry.of.settled(entry.at, { kind: 'appended', partition, offset: baseOffset + at })
  }
}

/** The batch goes back to where it came from, in front of what waits. */
export function putBack(lane: AppendLane, sending: Sending): void {
  lane.sending = null
  lane.waiting.unshift(...sending.entries)
}
