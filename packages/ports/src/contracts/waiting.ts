import { setTimeout as pause } from 'node:timers/promises'

/** Resolves once the condition holds; rejects, naming what was awaited, after `limitMs`: 18 s, before the test's own time of 20 s is over. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  options: { readonly limitMs?: number } = {},
): Promise<void> {
  const giveUpAt = performance.now() + (options.limitMs ?? 18_000)
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain until ${what}`)
    await pause(10)
  }
}

export type Until = (what: string, condition: () => boolean | Promise<boolean>) => Promise<void>

/** `until` as a contract's checks wait, that have more time than other tests. */
export const patientlyUntil =
  (limitMs = 45_000): Until =>
  (what, condition) =>
    until(what, condition, { limitMs })

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
