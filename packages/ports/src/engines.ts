import type { Archive } from './archive.ts'
import type { AppendRecord, EventLog } from './event-log.ts'
import type { JobQueue } from './job-queue.ts'
import type { StateStore, StateWrite } from './state-store.ts'

/** All that one batch of a worker does to the world. */
export interface Effects {
  readonly appends: readonly AppendRecord[]
  /** Appended only after all of `appends` is acknowledged, in this order. */
  readonly changelog: readonly AppendRecord[]
  readonly state: StateWrite | null
  readonly position: {
    readonly group: string
    readonly topic: string
    readonly partition: number
    readonly next: number
  }
}

/** The four engines of one family or a mix, opened. */
export interface Engines {
  readonly log: EventLog
  readonly archive: Archive
  readonly state: StateStore
  readonly jobs: JobQueue
  /**
   * Where log and state are one store: all effects of a batch in one transaction, or `refused` (by the state's guard) and no trace.
   * Absent: the runtime applies them one after the other, in the order of the promises.
   */
  readonly applyAtOnce?: (effects: Effects) => Promise<'applied' | 'refused'>
  close(): Promise<void>
}
