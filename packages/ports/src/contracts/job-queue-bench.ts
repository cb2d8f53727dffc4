import type { JobQueue, JobVerdict, JobWork, RunningJob, WorkOptions } from '../job-queue.ts'
import type { ContractPromise } from './contract-promise.ts'
import { uniqueName, withCleanup } from './scope.ts'
import { patientlyUntil, type Until } from './waiting.ts'

export interface JobQueueSubject {
  /** Every call opens a new connection to the same jobs. */
  readonly open: () => Promise<JobQueue>
  /** How long a check waits for what should come; 45,000 ms unless said. */
  readonly patienceMs?: number
}

/** What a check works with; everything opened here is stopped and closed when the check ends. */
export interface JobQueueBench {
  readonly jobs: JobQueue
  /** A queue that no other check uses. */
  readonly queue: string
  another(): Promise<JobQueue>
  readonly until: Until
  /** Works on the queue and keeps what it was given. Without a handler every job is done. */
  work(jobs: JobQueue, handler?: (job: RunningJob) => Promise<JobVerdict>, options?: WorkOptions): Promise<Working>
}

export interface Working {
  readonly work: JobWork
  readonly runs: (RunningJob & { readonly atMs: number })[]
  ids(): string[]
}

export const done = async (): Promise<JobVerdict> => ({ kind: 'done' })

/** A promise of the job queue, checked on a queue of its own. */
export function jobQueuePromise(
  promise: string,
  check: (bench: JobQueueBench) => Promise<void>,
): ContractPromise<JobQueueSubject> {
  return {
    promise,
    check: (subject) =>
      withCleanup(subject, async ({ another, undoLater }) => {
        const queue = uniqueName('contract')
        const jobs = await another()
        await check({
          jobs,
          queue,
          another,
          until: patientlyUntil(subject.patienceMs),
          work: async (on, handler = done, options = {}) => {
            const runs: Working['runs'] = []
            const work = await on.work(
              queue,
              (job) => {
                runs.push({ ...job, atMs: Date.now() })
                return handler(job)
              },
              options,
            )
            undoLater(() => work.stop(1_000))
            return { work, runs, ids: () => runs.map((run) => run.id) }
          },
        })
      }),
  }
}
