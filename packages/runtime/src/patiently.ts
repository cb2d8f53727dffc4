import { setTimeout as sleep } from 'node:timers/promises'
import { TransientFault } from '@dateline/ports'

export interface Patience {
  /** Told of every failed try. */
  readonly onFault?: (fault: TransientFault, attempt: number) => void
  /** Asked before every further try; false gives up and throws the fault. */
  readonly goOn?: () => Promise<boolean>
  readonly firstPauseMs?: number
  readonly longestPauseMs?: number
  readonly signal?: AbortSignal
}

/** Does the work again, after a growing jittered pause, as long as the engine is away. Anything but a TransientFault goes through. */
export async function patiently<T>(work: () => Promise<T>, patience: Patience = {}): Promise<T> {
  const longest = patience.longestPauseMs ?? 5_000
  let pauseMs = patience.firstPauseMs ?? 100
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error
      patience.onFault?.(error, attempt)
      await sleep(
        pauseMs * (0.5 + Math.random() / 2),
        undefined,
        patience.signal ? { signal: patience.signal } : undefined,
      ).catch(() => {
        throw error
      })
      if (patience.goOn && !(await patience.goOn())) throw error
      pauseMs = Math.min(pauseMs * 2, longest)
    }
  }
}
