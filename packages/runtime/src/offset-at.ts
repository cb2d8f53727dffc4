import type { EventLog } from '@dateline/ports'

/** The first offset whose record is at or after a time, `high` when there is none. Times of a partition rise with its offsets. */
export async function offsetAt(
  log: EventLog,
  at: { readonly topic: string; readonly partition: number; readonly low: number; readonly high: number },
  timeMs: number,
): Promise<number> {
  let { low, high } = at
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [record] = await log.read(at.topic, at.partition, middle, { maxRecords: 1 })
    if (record === undefined || record.timeMs >= timeMs) high = middle
    else low = record.offset + 1
  }
  return low
}
