import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { jobQueuePromise } from './job-queue-bench.ts'
import { latch } from './waiting.ts'

const deadAfterMs = 4_000
/** Of a busy machine, for a worker that has to begin. */
const slackMs = 1_500

export const dyingPromises = [
  jobQueuePromise('runs a job of a worker that is gone again in time, as the same try', async (bench) => {
    const { jobs, queue, another, work, until } = bench
    await jobs.add(queue, { id: 'orphan', data: '1', retry: { attempts: 2, pausesMs: [10] } })
    for (const deaths of [1, 2, 3]) {
      const dying = await another()
      const first = await work(dying, () => new Promise(() => {}), { deadAfterMs })
      await until(`it runs for the ${deaths}. time`, () => first.runs.length > 0)
      // Renewed at least once, so that it is not the age of the run that counts.
      await pause(deadAfterMs / 4)
      await first.work.stop(0)
      await dying.close()
      const goneAtMs = Date.now()
      const second = await work(jobs, async () => ({ kind: 'later', notBeforeMs: Date.now() + 100 }), { deadAfterMs })
      await until('another runs it', () => second.runs.length > 0)
      expect(second.runs[0]).toMatchObject({ id: 'orphan', data: '1', attempt: 1, isLastAttempt: false })
      expect((second.runs[0]?.atMs ?? 0) - goneAtMs).toBeLessThan(deadAfterMs + slackMs)
      await second.work.stop(1_000)
    }
  }),

  jobQueuePromise('leaves a job to a worker that stands still for half of that time', async (bench) => {
    const { jobs, queue, another, work, until } = bench
    const held = latch()
    const busy = async () => {
      await held.opened
      return { kind: 'done' } as const
    }
    const both = [await work(jobs, busy, { deadAfterMs }), await work(await another(), busy, { deadAfterMs })]
    const runs = () => both.flatMap((one) => one.runs)
    await jobs.add(queue, { id: 'slow', data: '{}' })
    await until('it runs', () => runs().length > 0)
    for (const awakeMs of [deadAfterMs / 4, deadAfterMs / 3]) {
      await pause(awakeMs)
      standStill(deadAfterMs / 2)
    }
    // By then whoever takes it for dead has looked.
    await pause(deadAfterMs / 2)
    held.open()
    await until('it is done', async () => (await jobs.counts(queue)).running === 0)
    expect(runs()).toHaveLength(1)
    expect(await jobs.counts(queue)).toEqual({ waiting: 0, delayed: 0, running: 0, failed: 0 })
  }),
]

/** The whole process, its timers and its connections. */
const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
