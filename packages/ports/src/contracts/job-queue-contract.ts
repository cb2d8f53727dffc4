import { type ContractPromise, declareContract } from './contract-promise.ts'
import type { JobQueueSubject } from './job-queue-bench.ts'
import { dyingPromises } from './job-queue-dying.ts'
import { lastingPromises } from './job-queue-lasting.ts'
import { runningPromises } from './job-queue-running.ts'

export const jobQueuePromises: readonly ContractPromise<JobQueueSubject>[] = [
  ...runningPromises,
  ...lastingPromises,
  ...dyingPromises,
]

/** What every JobQueue promises, one test each. */
export function jobQueueContract(name: string, subject: JobQueueSubject): void {
  declareContract(`${name}: job queue`, jobQueuePromises, subject)
}
