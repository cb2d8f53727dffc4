import { type JobQueue, type JobWork, requireJobId, requireQueueName } from '@dateline/ports'
import type { Store } from '../store/store.ts'
import { workOn } from './work.ts'

/** The jobs in the store; closing them leaves the store open. */
export function jobQueueOn(store: Store): JobQueue {
  const works = new Set<JobWork & { wake(): void }>()
  const wakeWorks = () => {
    for (const work of works) work.wake()
  }

  return {
    async add(queue, job) {
      requireQueueName(queue)
      requireJobId(job.id)
      const outcome = await store.run('addJob', { queue, job, nowMs: store.nowMs() })
      if (outcome === 'added') wakeWorks()
      return outcome
    },

    async every(queue, schedule) {
      requireQueueName(queue)
      requireJobId(schedule.id)
      await store.run('scheduleJobs', { queue, ...schedule, nowMs: store.nowMs() })
      wakeWorks()
    },

    remove: (queue, id) => store.run('removeJob', { queue, id }),

    async work(queue, handler, options = {}) {
      requireQueueName(queue)
      const work = workOn(store, queue, handler, options.concurrency ?? 1)
      works.add(work)
      return {
        async stop(deadlineMs) {
          works.delete(work)
          await work.stop(deadlineMs)
        },
      }
    },

    async counts(queue) {
      requireQueueName(queue)
      return store.read('jobs', (sql) => {
        const count = (status: string, from: number, to: number) =>
          Number(
            sql(`SELECT count(*) AS n FROM jobs WHERE queue = ? AND status = ? AND due_ms > ? AND due_ms <= ?`).get(
              queue,
              status,
              from,
              to,
            )?.n,
          )
        const nowMs = store.nowMs()
        const { MIN_SAFE_INTEGER: first, MAX_SAFE_INTEGER: last } = Number
        return {
          waiting: count('waiting', first, nowMs),
          delayed: count('waiting', nowMs, last),
          running: count('running', first, last),
          failed: count('failed', first, last),
        }
      })
    },

    async close() {
      await Promise.all([...works].map((work) => work.stop(5_000)))
      const owner = store.ownerId()
      // What did not end in time is run again, here or elsewhere.
      if (owner !== null) await store.run('requeueJobs', { owners: [owner] })
    },
  }
}
