import { randomBytes } from 'node:crypto'
import { type Job, type JobQueue, type JobWork, requireJobId, requireQueueName } from '@dateline/ports'
import { asFault, connectRedis } from '@dateline/redis'
import { type Job as BullmqJob, Queue } from 'bullmq'
import type { BullmqOptions } from './bullmq-options.ts'
import {
  bullmqId,
  envelopeOf,
  ID_TAKEN_MS,
  JOB_NAME,
  type JobEnvelope,
  jobOptions,
  keepOptions,
} from './job-envelope.ts'
import { startWorker } from './start-worker.ts'

/** Throws EngineRefusal for a Redis that may evict, TransientFault when it does not answer. */
export async function openBullmqJobQueue(options: BullmqOptions): Promise<JobQueue> {
  const { redis, where } = await connectRedis(options, 'jobs')
  const queues = new Map<string, Queue<JobEnvelope>>()
  const works = new Set<JobWork>()

  return {
    async add(name, job) {
      requireJobId(job.id)
      return asked(name, (queue) => add(queue, job))
    },
    async every(name, schedule) {
      requireJobId(schedule.id)
      return asked(name, (queue) => every(queue, schedule))
    },
    remove: (name, id) => asked(name, (queue) => remove(queue, id)),
    counts: (name) => asked(name, counts),

    async work(name, handler, { concurrency = 1, deadAfterMs = 60_000 } = {}) {
      requireQueueName(name)
      await redis.ping().catch((error: unknown) => {
        throw asFault(error, 'jobs', where)
      })
      const started = startWorker(name, handler, { ...options, concurrency, deadAfterMs })
      const work: JobWork = {
        async stop(deadlineMs) {
          await started.stop(deadlineMs)
          works.delete(work)
        },
      }
      works.add(work)
      return work
    },

    async close() {
      await Promise.all([...works].map((work) => work.stop()))
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      redis.disconnect()
    },
  }

  async function asked<T>(name: string, ask: (queue: Queue<JobEnvelope>) => Promise<T>): Promise<T> {
    requireQueueName(name)
    try {
      return await ask(queueOf(name))
    } catch (error) {
      throw asFault(error, 'jobs', where)
    }
  }

  function queueOf(name: string): Queue<JobEnvelope> {
    const known = queues.get(name)
    if (known) return known
    const queue = new Queue<JobEnvelope>(name, { connection: redis, prefix: options.prefix })
    // Every call that meets the trouble says so itself.
    queue.on('error', () => {})
    queues.set(name, queue)
    return queue
  }
}

/** BullMQ answers an id that is taken with that id; whose job it is shows by the mark. */
async function add(queue: Queue<JobEnvelope>, job: Job): Promise<'added' | 'exists'> {
  const mark = randomBytes(9).toString('base64url')
  const put = () => queue.add(JOB_NAME, envelopeOf(job, mark), jobOptions(job, Date.now()))
  await put()
  let found = await jobOf(queue, bullmqId(job.id))
  if (found && found.data.mark !== mark && isLongDone(found)) {
    // BullMQ removes old jobs only when another job of the queue ends.
    await queue.remove(bullmqId(job.id))
    await put()
    found = await jobOf(queue, bullmqId(job.id))
  }
  return found === undefined || found.data.mark === mark ? 'added' : 'exists'
}

const jobOf = (queue: Queue<JobEnvelope>, id: string): Promise<BullmqJob<JobEnvelope> | undefined> =>
  queue.getJob(id) as Promise<BullmqJob<JobEnvelope> | undefined>

const isLongDone = (job: BullmqJob<JobEnvelope>): boolean =>
  job.finishedOn !== undefined && Date.now() - job.finishedOn > ID_TAKEN_MS

/** Told again, as at every start of a service, a schedule keeps its next time; one whose chain of jobs was broken begins anew. */
async function every(
  queue: Queue<JobEnvelope>,
  schedule: { readonly id: string; readonly everyMs: number; readonly data: string },
): Promise<void> {
  await queue.upsertJobScheduler(
    schedule.id,
    { every: schedule.everyMs },
    { name: JOB_NAME, data: { data: schedule.data, mark: '', notBeforeMs: 0, pausesMs: [] }, opts: keepOptions },
  )
}

async function remove(queue: Queue<JobEnvelope>, id: string): Promise<boolean> {
  const state = await queue.getJobState(bullmqId(id))
  if (state !== 'waiting' && state !== 'delayed' && state !== 'prioritized') return false
  return (await queue.remove(bullmqId(id))) === 1
}

async function counts(queue: Queue<JobEnvelope>) {
  const found = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed')
  const count = (state: string): number => found[state] ?? 0
  return {
    waiting: count('waiting') + count('prioritized'),
    delayed: count('delayed'),
    running: count('active'),
    failed: count('failed'),
  }
}
