import { setTimeout as pause } from 'node:timers/promises'

/** Resolves once the condition holds; rejects, naming what was awaited, after `limitMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  options: { readonly limitMs?: number } = {},
): Promise<void> {
  const giveUpAt = performance.now() + (options.limitMs ?? 45_000)
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain until ${what}`)
    await pause(10)
  }
}

export type Until = (what: string, condition: () => boolean | Promise<boolean>) => Promise<void>

/** `until` with another limit than the usual one. */
export const patientlyUntil =
  (limitMs: number | undefined): Until =>
  (what, condition) =>
    until(what, condition, limitMs === undefined ? {} : { limitMs })

/** A promise and the call that resolves it. */
export function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}

/** The error a promise rejects with; fails when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => ({ rejected: false as const }),
    (error: unknown) => ({ rejected: true as const, error }),
  )
  if (!outcome.rejected) throw new Error('expected a rejection, but the promise resolved')
  return outcome.error
}
