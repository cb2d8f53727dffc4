import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

export type AlarmName =
  | 'rejects-rising'
  | 'kill-without-id'
  | 'retention-loss'
  | 'archive-chain'
  | 'archive-upkeep'
  | 'bug'
  | 'webhook-given-up'
  | 'quiet'

/** An alarm is raised once and cleared once; it never stops the feed. */
export interface Alarms {
  raise(alarm: AlarmName, feed: string, message: string, fields?: Readonly<Record<string, unknown>>): void
  clear(alarm: AlarmName, feed: string, message: string): void
  standing(): readonly { readonly alarm: AlarmName; readonly feed: string; readonly message: string }[]
}

export function createAlarms(log: Logger, metrics: Metrics): Alarms {
  const standing = new Map<string, { alarm: AlarmName; feed: string; message: string }>()
  return {
    raise(alarm, feed, message, fields) {
      const key = `${alarm} ${feed}`
      const isNew = !standing.has(key)
      standing.set(key, { alarm, feed, message })
      metrics.alarm.set({ alarm, feed }, 1)
      if (isNew) log.error(message, { alarm, feed, ...fields })
    },
    clear(alarm, feed, message) {
      if (!standing.delete(`${alarm} ${feed}`)) return
      metrics.alarm.set({ alarm, feed }, 0)
      log.info(message, { alarm, feed })
    },
    standing: () => [...standing.values()],
  }
}
