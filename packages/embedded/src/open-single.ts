import type { EventLog, JobQueue, StateStore } from '@dateline/ports'
import { jobQueueOn } from './jobs/job-queue.ts'
import { eventLogOn } from './log/event-log.ts'
import { stateStoreOn } from './state/state-store.ts'
import { openStore, type Store } from './store/store.ts'
import { startSweeping } from './sweeping.ts'

export interface SingleOptions {
  readonly dir: string
}

/** The event log alone, for a mix of engines. */
export const openSqliteEventLog = async (options: SingleOptions): Promise<EventLog> =>
  closingStore(await openStore(options, 'log'), eventLogOn)

/** The state store alone, for a mix of engines. */
export const openSqliteStateStore = async (options: SingleOptions): Promise<StateStore> =>
  closingStore(await openStore(options, 'state'), stateStoreOn)

/** The job queue alone, for a mix of engines. */
export const openSqliteJobQueue = async (options: SingleOptions): Promise<JobQueue> =>
  closingStore(await openStore(options, 'jobs'), jobQueueOn)

function closingStore<Port extends { close(): Promise<void> }>(store: Store, portOn: (store: Store) => Port): Port {
  const port = portOn(store)
  const sweeping = startSweeping(store, { everyMs: 60_000 })
  return {
    ...port,
    async close() {
      await sweeping.stop()
      await port.close()
      await store.close()
    },
  }
}
