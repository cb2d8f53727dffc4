import { setTimeout as sleep } from 'node:timers/promises'
import { type JobVerdict, type JobWork, type RunningJob, TransientFault } from '@dateline/ports'
import type { Store } from '../store/store.ts'

/** Looks at least this often, so that a clock set forward or a process that died is seen; the kernel says who lives, so that standing still is no death. */
const lookEveryMs = 1_000

/** Runs the jobs of a queue that are due, up to so many at a time. */
export function workOn(
  store: Store,
  queue: string,
  handler: (job: RunningJob) => Promise<JobVerdict>,
  concurrency: number,
): JobWork & { wake(): void } {
  const running = new Set<Promise<void>>()
  let isStopping = false
  let isTaking = false
  let isMoreExpected = false
  let probedAt = -lookEveryMs
  let timer: NodeJS.Timeout | null = null
  const stopListening = store.watch.onCommit(wake)

  function wake(): void {
    isMoreExpected = true
    if (!isTaking) void takeAll()
  }

  async function takeAll(): Promise<void> {
    isTaking = true
    let waitMs = lookEveryMs
    try {
      while (isMoreExpected && !isStopping) {
        isMoreExpected = false
        await takeDue()
      }
      if (!isStopping && running.size < concurrency) waitMs = nextDueMs() - store.nowMs()
    } catch (error) {
      // The next look tries again; a fault of any other kind must not pass silently.
      if (!(error instanceof TransientFault)) throw error
    } finally {
      isTaking = false
    }
    if (timer !== null) clearTimeout(timer)
    if (!isStopping) timer = setTimeout(wake, Math.max(1, Math.min(lookEveryMs, waitMs)))
  }

  async function takeDue(): Promise<void> {
    await requeueOfGone()
    const most = concurrency - running.size
    if (most <= 0 || nextDueMs() > store.nowMs()) return
    const jobs = await store.run('takeJobs', { queue, owner: store.owner().id, nowMs: store.nowMs(), most })
    for (const job of jobs) {
      const ran = run(job).finally(() => {
        running.delete(ran)
        wake()
      })
      running.add(ran)
    }
  }

  async function run(job: RunningJob): Promise<void> {
    const verdict = await verdictOf(handler, job)
    const input = { queue, id: job.id, owner: store.owner().id, verdict }
    for (let pauseMs = 100; ; pauseMs = Math.min(5_000, pauseMs * 2)) {
      try {
        await store.run('finishJob', { ...input, nowMs: store.nowMs() })
        return
      } catch (error) {
        // After the stop the store may be closed already: then the job was put back and is run again.
        if (isStopping) return
        if (!(error instanceof TransientFault)) throw error
        await sleep(pauseMs)
      }
    }
  }

  function nextDueMs(): number {
    return store.read('jobs', (sql) => {
      const job = sql(`SELECT min(due_ms) AS due FROM jobs WHERE queue = ? AND status = 'waiting'`).get(queue)
      const schedule = sql('SELECT min(next_ms) AS due FROM schedules WHERE queue = ?').get(queue)
      return Math.min(Number(job?.due ?? Infinity), Number(schedule?.due ?? Infinity))
    })
  }

  async function requeueOfGone(): Promise<void> {
    // Asking the kernel about each owner at every commit would cost more than the jobs.
    if (performance.now() - probedAt < lookEveryMs) return
    probedAt = performance.now()
    const owners = store
      .read('jobs', (sql) => sql(`SELECT DISTINCT owner FROM jobs WHERE queue = ? AND status = 'running'`).all(queue))
      .map((row) => String(row.owner))
      .filter((owner) => owner !== store.ownerId())
    const gone = store.gone(owners)
    if (gone.length > 0) await store.run('requeueJobs', { owners: gone })
  }

  wake()
  return {
    wake,
    async stop(deadlineMs = 10_000) {
      isStopping = true
      stopListening()
      if (timer !== null) clearTimeout(timer)
      const deadline = new AbortController()
      const over = sleep(deadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined)
      await Promise.race([Promise.allSettled([...running]), over])
      deadline.abort()
    },
  }
}

/** A thrown error is a failed try. */
async function verdictOf(handler: (job: RunningJob) => Promise<JobVerdict>, job: RunningJob): Promise<JobVerdict> {
  try {
    return await handler(job)
  } catch (error) {
    return { kind: 'retry', reason: error instanceof Error ? error.message : String(error) }
  }
}
