import { type EventLog, headerText, TransientFault } from '@dateline/ports'
import type { TakenSince } from './courtesy.ts'

/** Of each partition, the newest so many are looked at. */
const newest = 50
const mostBytes = 1_048_576

/** From the headers of the events that the publisher appended last; both times are the log's. Empty while the log does not answer. */
export function takenByLive(log: Pick<EventLog, 'offsets' | 'read'>): TakenSince {
  return async (sinceMs) => {
    try {
      const taken: number[] = []
      for (const { partition, low, high } of await log.offsets('stories')) {
        if (high === low) continue
        const from = Math.max(low, high - newest)
        for (const record of await log.read('stories', partition, from, { maxRecords: newest, maxBytes: mostBytes })) {
          const receivedMs = Date.parse(headerText(record, 'ce_receivedat') ?? '')
          if (receivedMs >= sinceMs && headerText(record, 'ce_lane') === 'live') taken.push(record.timeMs - receivedMs)
        }
      }
      return taken
    } catch (error) {
      if (error instanceof TransientFault) return []
      throw error
    }
  }
}
