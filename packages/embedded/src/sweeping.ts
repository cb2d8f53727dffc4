import { TransientFault } from '@dateline/ports'
import type { Store } from './store/store.ts'

/** Deletes at regular times what may go, a little at a time so that nobody waits long behind it. */
export function startSweeping(store: Store, { everyMs }: { readonly everyMs: number }): { stop(): Promise<void> } {
  let isStopped = false
  let sweeping: Promise<void> = Promise.resolve()

  async function sweepAll(): Promise<void> {
    try {
      while (!isStopped && (await store.run('sweep', { nowMs: store.nowMs(), most: 500 }))) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    } catch (error) {
      // What could not be deleted now goes next time.
      if (!(error instanceof TransientFault)) throw error
    }
  }

  const timer = setInterval(() => {
    sweeping = sweeping.then(sweepAll)
  }, everyMs).unref()
  return {
    async stop() {
      isStopped = true
      clearInterval(timer)
      await sweeping
    },
  }
}
