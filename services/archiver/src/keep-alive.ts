import type { Batch } from '@dateline/ports'

const EVERY_MS = 1_000

/** Tells the group that work goes on while a put takes its time. Losing the partition meanwhile does no harm: the chain takes no fork. */
export async function keepAlive(batch: Batch, work: () => Promise<void>): Promise<void> {
  const beat = setInterval(() => {
    batch.stillOwned().catch(() => false)
  }, EVERY_MS)
  try {
    await work()
  } finally {
    clearInterval(beat)
  }
}
