import type { Alarms } from './alarms.ts'

const windowMs = 300_000
const sliceMs = 30_000
const fewest = 20

export interface RejectWatch {
  count(feed: string, total: number, rejected: number): void
}

/** Raises an alarm, not a pause, when the share of rejects of a feed over five minutes rises above its bound; clears it when it falls below half. */
export function createRejectWatch(
  alarms: Alarms,
  boundOf: (feed: string) => number,
  clock: () => number = Date.now,
): RejectWatch {
  const feeds = new Map<string, { slice: number; total: number; rejected: number }[]>()
  return {
    count(feed: string, total: number, rejected: number): void {
      const slice = Math.floor(clock() / sliceMs)
      const slices = (feeds.get(feed) ?? []).filter((entry) => entry.slice > slice - windowMs / sliceMs)
      const last = slices.at(-1)
      if (last?.slice === slice) {
        last.total += total
        last.rejected += rejected
      } else slices.push({ slice, total, rejected })
      feeds.set(feed, slices)
      judge(feed, slices)
    },
  }

  function judge(feed: string, slices: readonly { total: number; rejected: number }[]): void {
    const total = slices.reduce((sum, entry) => sum + entry.total, 0)
    const rejected = slices.reduce((sum, entry) => sum + entry.rejected, 0)
    const bound = boundOf(feed)
    if (total >= fewest && rejected / total > bound) {
      alarms.raise(
        'rejects-rising',
        feed,
        `Feed ${feed}: ${rejected} of the last ${total} items were rejected. Look at them with \`dateline audit\` and in wire.rejected.`,
      )
    } else if (rejected / Math.max(total, 1) <= bound / 2)
      alarms.clear('rejects-rising', feed, `Feed ${feed}: rejects are back to normal.`)
  }
}
