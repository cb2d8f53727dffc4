import { type ContractPromise, declareContract } from './contract-promise.ts'
import { appendingPromises } from './event-log-appending.ts'
import type { EventLogSubject } from './event-log-bench.ts'
import { consumingPromises } from './event-log-consuming.ts'
import { sharingPromises } from './event-log-sharing.ts'
import { topicPromises } from './event-log-topics.ts'

export const eventLogPromises: readonly ContractPromise<EventLogSubject>[] = [
  ...appendingPromises,
  ...topicPromises,
  ...consumingPromises,
  ...sharingPromises,
]

/** What every EventLog promises, one test each. Leaves nothing behind on a shared engine. */
export function eventLogContract(name: string, subject: EventLogSubject): void {
  declareContract(`${name}: event log`, eventLogPromises, subject)
}
