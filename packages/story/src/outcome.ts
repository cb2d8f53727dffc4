import type { IgnoreReason, RejectReason } from '@dateline/contracts'

/** What a step says of its input. Reasons are closed lists (they are metric labels and receipt codes); free text goes in `detail`. */
export type Outcome<T> =
  | { readonly kind: 'pass'; readonly value: T }
  | { readonly kind: 'ignore'; readonly reason: IgnoreReason; readonly detail: string }
  | { readonly kind: 'reject'; readonly reason: RejectReason; readonly detail: string }

/** One stage, pure. The function's own name labels its metrics and logs. */
export type Step<In, Out> = (input: In) => Outcome<Out>

export const pass = <T>(value: T): Outcome<T> => ({ kind: 'pass', value })
export const reject = (reason: RejectReason, detail: string): Outcome<never> => ({ kind: 'reject', reason, detail })
export const ignore = (reason: IgnoreReason, detail: string): Outcome<never> => ({ kind: 'ignore', reason, detail })
