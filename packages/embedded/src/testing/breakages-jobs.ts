import { setTimeout as pause } from 'node:timers/promises'
import type { Job, JobQueue, JobVerdict, RunningJob } from '@dateline/ports'
import type { Breakage } from './breakages-log.ts'

const adding = (jobs: JobQueue, change: (job: Job) => Job): Partial<JobQueue> => ({
  add: (queue, job) => jobs.add(queue, change(job)),
})

const handling = (
  jobs: JobQueue,
  change: (job: RunningJob, handler: (job: RunningJob) => Promise<JobVerdict>) => Promise<JobVerdict>,
): Partial<JobQueue> => ({
  work: (queue, handler, options) => jobs.work(queue, (job) => change(job, handler), options),
})

const judging = (jobs: JobQueue, change: (verdict: JobVerdict) => JobVerdict): Partial<JobQueue> =>
  handling(jobs, async (job, handler) => change(await handler(job)))

/** A fresh id for every job: the same one is taken again and again. */
const forgetful = (jobs: JobQueue): Partial<JobQueue> =>
  adding(jobs, (job) => ({ ...job, id: `${job.id}-${Math.random().toString(36).slice(2)}` }))

const without = ({ notBeforeMs: _, ...job }: Job): Job => job

export const jobBreakages: readonly Breakage<JobQueue>[] = [
  ['runs a job with its data, as the first try of one', (jobs) => adding(jobs, (job) => ({ ...job, data: '{}' }))],
  ['runs a job not before its time, and soon after', (jobs) => adding(jobs, without)],
  [
    'runs a job not before its time, and soon after',
    (jobs) => adding(jobs, (job) => (job.notBeforeMs ? { ...job, notBeforeMs: job.notBeforeMs - 700 } : job)),
  ],
  ['takes the same id once, while it waits, runs and when it is done', forgetful],
  [
    'takes the same id once, while it waits, runs and when it is done',
    (jobs) => {
      const done = new Set<string>()
      return {
        add: (queue, job) => jobs.add(queue, done.has(job.id) ? { ...job, id: `${job.id}-again` } : job),
        work: (queue, handler, options) =>
          jobs.work(queue, (job) => handler(job).finally(() => done.add(job.id)), options),
      }
    },
  ],
  ['lets one of many adders of an id add it', forgetful],
  [
    'tries again after each pause, and says which try is the last',
    (jobs) => adding(jobs, (job) => (job.retry ? { ...job, retry: { ...job.retry, pausesMs: [] } } : job)),
  ],
  [
    'tries again after each pause, and says which try is the last',
    (jobs) => handling(jobs, (job, handler) => handler({ ...job, isLastAttempt: false })),
  ],
  [
    'counts a thrown error as a failed try',
    (jobs) => handling(jobs, (job, handler) => handler(job).catch(() => ({ kind: 'done' }))),
  ],
  [
    'stops trying after the last try, and keeps count of it',
    (jobs) => adding(jobs, (job) => ({ ...job, retry: { attempts: 99, pausesMs: [50] } })),
  ],
  [
    'gives up when the handler says so',
    (jobs) => judging(jobs, (verdict) => (verdict.kind === 'give-up' ? { ...verdict, kind: 'retry' } : verdict)),
  ],
  [
    'puts a job back for later without counting a try',
    (jobs) => judging(jobs, (verdict) => (verdict.kind === 'later' ? { kind: 'retry', reason: 'later' } : verdict)),
  ],
  [
    'puts a job back for later without counting a try',
    (jobs) => judging(jobs, (verdict) => (verdict.kind === 'later' ? { kind: 'later', notBeforeMs: 0 } : verdict)),
  ],
  [
    'runs as many at once as it was told to, and no more',
    (jobs) => ({ work: (queue, handler) => jobs.work(queue, handler) }),
  ],
  [
    'runs as many at once as it was told to, and no more',
    (jobs) => ({ work: (queue, handler) => jobs.work(queue, handler, { concurrency: 4 }) }),
  ],
  [
    'runs every job once when two share the work',
    (jobs) =>
      handling(jobs, async (job, handler) => {
        await handler(job)
        return handler(job)
      }),
  ],
  ['remembers jobs, delays and ids over a restart', () => ({ add: async () => 'added' })],
  ['remembers jobs, delays and ids over a restart', (jobs) => adding(jobs, without)],
  [
    'counts what waits, is delayed, runs and failed',
    (jobs) => ({
      async counts(queue) {
        const { waiting, delayed, ...rest } = await jobs.counts(queue)
        return { waiting: waiting + delayed, delayed: 0, ...rest }
      },
    }),
  ],
  ['removes a waiting job and its id, never a running one', () => ({ remove: async () => true })],
  [
    'repeats a job while its schedule stands, and the same id replaces it',
    (jobs) => ({
      every: async (queue, { id, data }) => {
        await jobs.add(queue, { id, data })
      },
    }),
  ],
  [
    'repeats a job while its schedule stands, and the same id replaces it',
    (jobs) => ({
      every: (queue, schedule) => jobs.every(queue, { ...schedule, id: `${schedule.id}-${schedule.everyMs}` }),
    }),
  ],
  ['keeps a schedule over a restart', () => ({ every: async () => undefined })],
  [
    'keeps queues apart',
    (jobs) => ({
      add: (_, job) => jobs.add('one-for-all', job),
      work: (_, handler, options) => jobs.work('one-for-all', handler, options),
      counts: () => jobs.counts('one-for-all'),
      remove: (_, id) => jobs.remove('one-for-all', id),
    }),
  ],
  [
    'lets a running job end when the work is stopped, and starts no other',
    (jobs) => ({
      async work(...asked) {
        const work = await jobs.work(...asked)
        return { stop: () => work.stop(0) }
      },
    }),
  ],
  [
    'stops at the deadline when a job hangs',
    (jobs) => ({
      async work(...asked) {
        const work = await jobs.work(...asked)
        return { stop: (deadlineMs = 0) => work.stop(deadlineMs + 10_000) }
      },
    }),
  ],
  // The store is not closed either: its owner lives, and keeps what it has.
  ['runs a job of a worker that is gone again in time, as the same try', () => ({ close: async () => undefined })],
  [
    'runs a job of a worker that is gone again in time, as the same try',
    (jobs) => {
      let runs = 0
      return handling(jobs, (job, handler) => handler({ ...job, attempt: ++runs }))
    },
  ],
  [
    'leaves a job to a worker that stands still for half of that time',
    (jobs) =>
      handling(jobs, async (job, handler) => {
        const running = handler(job)
        if (await Promise.race([running.then(() => false), pause(2_500, true)])) void handler(job)
        return running
      }),
  ],
]
