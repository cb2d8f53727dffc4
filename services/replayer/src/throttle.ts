import { setTimeout as sleep } from 'node:timers/promises'

export interface Throttle {
  /** Resolves when so many may go; false when the signal aborts first. */
  take(count: number, signal: AbortSignal): Promise<boolean>
}

/**
 * So many a second and no more, in even steps. A fifth of a second may be saved up, so that small delays cost nothing; what is larger
 * than that goes too, and is paid for by a longer wait after it.
 */
export function createThrottle(
  perSecond: number,
  options: {
    readonly clock?: () => number
    readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
  } = {},
): Throttle {
  const { clock = () => performance.now(), wait = patience } = options
  let saved = 0
  let lookedAtMs = clock()
  return {
    async take(count, signal) {
      refill()
      while (saved <= 0) {
        if (signal.aborted) return false
        await wait(Math.min(1_000, Math.max(1, (-saved / perSecond) * 1_000 + 1)), signal)
        refill()
      }
      saved -= count
      return !signal.aborted
    },
  }

  function refill(): void {
    const nowMs = clock()
    saved = Math.min(Math.max(1, perSecond / 5), saved + ((nowMs - lookedAtMs) / 1_000) * perSecond)
    lookedAtMs = nowMs
  }
}

const patience = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)
