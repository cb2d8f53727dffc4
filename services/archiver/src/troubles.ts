import type { Alarms } from '@dateline/runtime'

/** One alarm per feed, however many of its partitions are in trouble; cleared when the last of them is out of it. */
export interface Troubles {
  begin(feed: string, partition: string, message: string): void
  over(feed: string, partition: string): void
}

export function createTroubles(alarms: Alarms): Troubles {
  const troubled = new Map<string, Set<string>>()
  return {
    begin(feed, partition, message) {
      const partitions = troubled.get(feed) ?? new Set()
      troubled.set(feed, partitions.add(partition))
      alarms.raise('archive-chain', feed, message, { partition })
    },
    over(feed, partition) {
      const partitions = troubled.get(feed)
      if (!partitions?.delete(partition) || partitions.size > 0) return
      alarms.clear('archive-chain', feed, `The archive of ${feed} goes on`)
    },
  }
}
