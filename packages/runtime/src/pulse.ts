import type { Batch } from '@dateline/ports'

/** The turning of a loop, for liveness: `beat` at each turn; waiting for an engine with beats is life. */
export interface Pulse {
  beat(): void
  isLive(): boolean
}

/** Not live after `stillMs` without a beat. The clock is monotonic milliseconds. */
export function createPulse(stillMs = 60_000, clock: () => number = () => performance.now()): Pulse {
  let last = clock()
  return {
    beat: () => {
      last = clock()
    },
    isLive: () => clock() - last < stillMs,
  }
}

/** Asking whether the batch is still ours happens while an engine is away or a lane waits: that is life too. */
export const withPulse = (batch: Batch, pulse: Pulse): Batch => ({
  ...batch,
  stillOwned: () => {
    pulse.beat()
    return batch.stillOwned()
  },
})
