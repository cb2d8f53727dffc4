import type { Job } from '@dateline/ports'
import type { JobsOptions } from 'bullmq'

/** What BullMQ keeps of a job. */
export interface JobEnvelope {
  readonly data: string
  /** Of the `add` that made it: BullMQ itself does not say whether an id was taken. */
  readonly mark: string
  readonly notBeforeMs: number
  readonly pausesMs: readonly number[]
}

export const JOB_NAME = 'job'

/** For a day after a job was done its id is taken; an hour more, because removal goes by seconds of another clock. */
export const ID_TAKEN_MS = 24 * 3_600_000
const KEEP_DONE = { age: 25 * 3_600 }
/** Failed jobs stay for a person to look at. */
const KEEP_FAILED = { age: 7 * 24 * 3_600 }

export const keepOptions: JobsOptions = { removeOnComplete: KEEP_DONE, removeOnFail: KEEP_FAILED }

export function envelopeOf(job: Job, mark: string): JobEnvelope {
  return {
    data: job.data,
    mark,
    notBeforeMs: job.notBeforeMs ?? 0,
    pausesMs: job.retry?.pausesMs ?? [],
  }
}

export function jobOptions(job: Job, nowMs: number): JobsOptions {
  return {
    ...keepOptions,
    jobId: bullmqId(job.id),
    timestamp: nowMs,
    delay: Math.max(0, (job.notBeforeMs ?? 0) - nowMs),
    attempts: Math.max(1, job.retry?.attempts ?? 1),
    backoff: { type: 'custom' },
  }
}

/** The pause before the try after `attemptsMade`; the last one repeats. */
export const pauseAfter = (envelope: JobEnvelope, attemptsMade: number): number =>
  envelope.pausesMs[Math.min(attemptsMade, envelope.pausesMs.length) - 1] ?? 0

/** A job's key is the queue's with the id behind it, as are BullMQ's own lists: a job called `delayed` would break them (bullmq 6.7). */
export const bullmqId = (id: string): string => `j-${id}`

/** BullMQ names the jobs of a schedule `repeat:<id>:<milliseconds>`; ours have no colons. */
export const portId = (id: string): string => id.replace(/^(j-|repeat:)/, '').replaceAll(':', '-')
