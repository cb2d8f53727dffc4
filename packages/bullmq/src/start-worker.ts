import { setTimeout as sleep } from 'node:timers/promises'
import type { JobVerdict, JobWork, RunningJob } from '@dateline/ports'
import { clientOptions } from '@dateline/redis'
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { BullmqOptions } from './bullmq-options.ts'
import { type JobEnvelope, pauseAfter, portId } from './job-envelope.ts'

/**
 * BullMQ gives a job up whose worker died twice, and its count never falls: a job of hours is lost to the deployments and crashes of a
 * week that it has no part in. One that kills its workers is seen by them, and ended by whoever asked for it.
 */
const MOST_STALLS = Number.MAX_SAFE_INTEGER

/**
 * Shares of the time in which a death is to be seen. A job is given to others by the first look that finds its lock gone, and a look may
 * be left out: bullmq 6.7 lets one worker look in an interval. The lock is renewed so often that a loop which stands still for half of the
 * time does not lose it; at BullMQ's own pace, half of the lock, it would.
 */
const LOCKED = 0.75
const RENEWED = 0.15
const LOOKED = 0.1

/** Works on a queue until it is stopped. A connection that breaks is waited for, and jobs whose worker died are run again. */
export function startWorker(
  queue: string,
  handler: (job: RunningJob) => Promise<JobVerdict>,
  options: BullmqOptions & { readonly concurrency: number; readonly deadAfterMs: number },
): JobWork {
  // A worker's commands wait for Redis to come back, so that a job it has done is also said to be done.
  const { commandTimeout: _none, ...client } = clientOptions(options)
  const connection = new Redis({
    ...client,
    lazyConnect: false,
    enableOfflineQueue: true,
    autoResendUnfulfilledCommands: true,
    maxRetriesPerRequest: null,
  })
  const warn = (message: string, error: unknown) => options.warn?.(message, { queue, err: error })
  connection.on('error', (error: unknown) => warn('The connection of a job worker broke', error))
  const { concurrency, deadAfterMs } = options
  const worker = new Worker<JobEnvelope>(queue, (job, token) => run(job, token ?? ''), {
    connection,
    prefix: options.prefix,
    concurrency,
    lockDuration: Math.round(LOCKED * deadAfterMs),
    lockRenewTime: Math.round(RENEWED * deadAfterMs),
    stalledInterval: Math.round(LOOKED * deadAfterMs),
    maxStalledCount: MOST_STALLS,
    runRetryDelay: 1_000,
    settings: {
      backoffStrategy: (attemptsMade, _type, _error, job) =>
        job === undefined ? 0 : pauseAfter(job.data as JobEnvelope, attemptsMade),
    },
  })
  worker.on('error', (error) => warn('A job worker met trouble', error))
  worker.on('stalled', (id) => warn(`Job ${portId(id)} is run again: its worker died or stood still`, undefined))
  let stopping: Promise<void> | null = null
  return {
    stop: (deadlineMs = 30_000) => {
      stopping ??= stop(deadlineMs)
      return stopping
    },
  }

  async function run(job: Job<JobEnvelope>, token: string): Promise<void> {
    const { data, notBeforeMs } = job.data
    // The clock of whoever added the job decided when it is due; ours may be behind.
    if (Date.now() < notBeforeMs) await postpone(job, token, notBeforeMs)
    const attempt = job.attemptsMade + 1
    const verdict = await handler({
      id: portId(job.id ?? ''),
      data,
      attempt,
      isLastAttempt: attempt >= (job.opts.attempts ?? 1),
    })
    if (verdict.kind === 'done') return
    if (verdict.kind === 'later') await postpone(job, token, verdict.notBeforeMs)
    else if (verdict.kind === 'give-up') throw new UnrecoverableError(verdict.reason)
    else throw new Error(verdict.reason)
  }

  /** `close` of BullMQ waits for running jobs without end, and a second call cannot hurry it. */
  async function stop(deadlineMs: number): Promise<void> {
    const closed = new AbortController()
    const closing = worker.close().catch((error: unknown) => warn('A job worker did not close', error))
    await Promise.race([
      closing.finally(() => closed.abort()),
      sleep(deadlineMs, undefined, { signal: closed.signal }).catch(() => undefined),
    ])
    connection.disconnect()
  }
}

async function postpone(job: Job<JobEnvelope>, token: string, notBeforeMs: number): Promise<never> {
  await job.moveToDelayed(notBeforeMs, token)
  throw new DelayedError()
}
