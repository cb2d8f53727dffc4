import { setTimeout as sleep } from 'node:timers/promises'

/** A pause that grows with every failed attempt (from 1 on) up to `longestMs`, jittered so that members do not move in step. */
export const backoffMs = (attempt: number, firstMs = 50, longestMs = 2_000): number =>
  Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)

/** Resolves after the time, or at once when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : undefined).catch(() => undefined)
}

/** Resolves when the promise does, or after the time, or when the signal aborts. Leaves no timer behind. */
export async function within(promise: Promise<unknown>, limitMs: number, signal?: AbortSignal): Promise<void> {
  const over = new AbortController()
  const limit = pause(limitMs, signal ? AbortSignal.any([over.signal, signal]) : over.signal)
  await Promise.race([promise, limit]).finally(() => over.abort())
}

export interface Signal {
  /** Wakes everyone who waits. */
  raise(): void
  /** Resolves at the next `raise`, or after the time. */
  next(limitMs: number): Promise<void>
}

export function createSignal(): Signal {
  let wakers: (() => void)[] = []
  return {
    raise() {
      const woken = wakers
      wakers = []
      for (const wake of woken) wake()
    },
    next: (limitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, limitMs)
        wakers.push(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}
