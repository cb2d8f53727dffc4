import type { JobVerdict } from '@dateline/ports'
import type { DeliveryResult } from './webhook.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** Pauses before each further try: about three days in all. */
export const pausesMs: readonly number[] = [
  5_000,
  30_000,
  2 * minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
  8 * hourMs,
  12 * hourMs,
  12 * hourMs,
  12 * hourMs,
  12 * hourMs,
]
export const attempts = pausesMs.length + 1

/** A receiver that refuses gets a shorter schedule, about an hour: a 404 during a deployment must not lose a kill. */
const attemptsWhenRefused = 7

/** What to do after an attempt; `note` is what the log is told when it is the end of the matter. */
export function afterAttempt(
  result: DeliveryResult,
  attempt: number,
  nowMs: number,
): { readonly verdict: JobVerdict; readonly note: 'delivered' | 'given-up' | 'disabled' | null } {
  switch (result.kind) {
    case 'delivered':
      return { verdict: { kind: 'done' }, note: 'delivered' }
    case 'gone':
      return { verdict: { kind: 'done' }, note: 'disabled' }
    case 'busy':
      return { verdict: { kind: 'later', notBeforeMs: nowMs + result.retryAfterMs }, note: null }
    case 'refused':
      return attempt >= attemptsWhenRefused
        ? { verdict: { kind: 'give-up', reason: `refused with ${result.status}` }, note: 'given-up' }
        : { verdict: { kind: 'retry', reason: `refused with ${result.status}` }, note: null }
    case 'forbidden':
      return { verdict: { kind: 'give-up', reason: result.why }, note: 'given-up' }
    case 'unreachable':
      return attempt >= attempts
        ? { verdict: { kind: 'give-up', reason: result.why }, note: 'given-up' }
        : { verdict: { kind: 'retry', reason: result.why }, note: null }
  }
}
