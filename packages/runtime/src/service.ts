import type { Engines } from '@dateline/ports'
import type { Alarms } from './alarms.ts'
import type { Feeds } from './feeds.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { RejectWatch } from './reject-watch.ts'
import type { Settings } from './settings.ts'

/** What every service is made from. */
export interface ServiceContext {
  readonly settings: Settings
  readonly engines: Engines
  readonly feeds: Feeds
  readonly log: Logger
  readonly metrics: Metrics
  readonly alarms: Alarms
  readonly rejects: RejectWatch
}

/** One small worker. Made by a factory, which does nothing yet. */
export interface Service {
  readonly name: string
  /** All others go first: a process that runs nothing else takes the lowest priority. */
  readonly givesWay?: true
  /** Resolves when it works, or is about to: joining a group may take longer. Throws EngineRefusal for what it cannot honour. */
  start(): Promise<void>
  /** Takes no new work, finishes or abandons what is in hand by the deadline. Never throws. */
  stop(deadlineMs: number): Promise<void>
  /** Joined its groups, connected its engines. */
  isReady(): boolean
  /** False when its own loop has stopped turning; never because an engine is away. */
  isLive(): boolean
  /** Rejects when the service ended by itself and the process should exit. */
  readonly failed: Promise<never>
}

/** A promise to reject from outside; unheard rejections are no error of the process. */
export function failure(): { readonly failed: Promise<never>; readonly fail: (error: unknown) => void } {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {})
  return { failed: promise, fail: reject }
}
