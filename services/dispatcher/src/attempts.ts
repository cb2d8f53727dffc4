import type { JobVerdict } from '@dateline/ports'
import type { DeliveryResult } from './webhook.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** How long a delivery is tried. */
export interface Schedule {
  /** Pauses before each further try. */
  readonly pausesMs: readonly number[]
  /** The same where the receiver refuses: shorter, but longer than a deployment, so that a 404 in between loses no kill. */
  readonly refusedPausesMs: readonly number[]
  /** An event of this age is given up after a few tries. */
  readonly tooOldMs: number
}

const firstHourMs = [5_000, 30_000, 2 * minuteMs, 5 * minuteMs, 15 * minuteMs, 30 * minuteMs]

/** About three days in all; about an hour for a receiver that refuses. */
export const schedule: Schedule = {
  pausesMs: [...firstHourMs, ...[1, 2, 4, 8, 8, 12, 12, 12, 12].map((hours) => hours * hourMs)],
  refusedPausesMs: firstHourMs,
  tooOldMs: 72 * hourMs,
}

export interface Tries {
  /** The queue's count: tries that failed, and this one. */
  readonly attempt: number
  readonly isLastAttempt: boolean
  /** What this process knows of: answers of any kind, and refusals, this one included. */
  readonly tries: number
  readonly refusals: number
  /** Since the event was published. */
  readonly ageMs: number
}

/** A few tries, for an event that was too old already when it was first tried. */
const fewest = 4

/** What to do after an attempt; `note` is what the log is told when it is the end of the matter. */
export function afterAttempt(
  result: DeliveryResult,
  { attempt, isLastAttempt, tries, refusals, ageMs }: Tries,
  options: { readonly schedule: Schedule; readonly nowMs: number },
): { readonly verdict: JobVerdict; readonly note: 'delivered' | 'given-up' | 'disabled' | null } {
  const { pausesMs, refusedPausesMs, tooOldMs } = options.schedule
  const isTooOld = ageMs > tooOldMs && Math.max(attempt, tries) >= fewest
  const giveUp = (reason: string) => ({ verdict: { kind: 'give-up', reason }, note: 'given-up' }) as const
  const later = (pauseMs: number) =>
    ({ verdict: { kind: 'later', notBeforeMs: options.nowMs + pauseMs }, note: null }) as const
  switch (result.kind) {
    case 'delivered':
      return { verdict: { kind: 'done' }, note: 'delivered' }
    case 'gone':
      return { verdict: { kind: 'done' }, note: 'disabled' }
    case 'busy':
      return isTooOld ? giveUp('busy for days') : later(result.retryAfterMs)
    case 'refused':
    case 'forbidden': {
      const reason = result.kind === 'refused' ? `refused with ${result.status}` : result.why
      const pauseMs = refusedPausesMs[refusals - 1]
      return pauseMs === undefined || isTooOld ? giveUp(reason) : later(pauseMs)
    }
    case 'unreachable':
      return isLastAttempt || attempt > pausesMs.length || isTooOld
        ? giveUp(result.why)
        : { verdict: { kind: 'retry', reason: result.why }, note: null }
  }
}
