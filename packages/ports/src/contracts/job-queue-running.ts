import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { jobQueuePromise } from './job-queue-bench.ts'
import { latch } from './waiting.ts'

export const runningPromises = [
  jobQueuePromise('runs a job with its data, as the first try of one', async ({ jobs, queue, work, until }) => {
    const { runs } = await work(jobs)
    const data = JSON.stringify({ story: 'anp:1', text: 'Oekraïne 🗞' })
    expect(await jobs.add(queue, { id: 'a-1', data })).toBe('added')
    await until('it ran', () => runs.length > 0)
    expect(runs[0]).toMatchObject({ id: 'a-1', data, attempt: 1, isLastAttempt: true })
  }),

  jobQueuePromise('runs a job not before its time, and soon after', async ({ jobs, queue, work, until }) => {
    const { runs, ids } = await work(jobs)
    const dueMs = Date.now() + 1_500
    await jobs.add(queue, { id: 'later', data: '{}', notBeforeMs: dueMs })
    await jobs.add(queue, { id: 'past', data: '{}', notBeforeMs: Date.now() - 60_000 })
    await jobs.add(queue, { id: 'now', data: '{}' })
    await until('all ran', () => runs.length >= 3)
    expect(ids().at(-1)).toBe('later')
    expect(runs.at(-1)?.atMs).toBeGreaterThanOrEqual(dueMs)
    expect(runs.at(-1)?.atMs).toBeLessThan(dueMs + 10_000)
  }),

  jobQueuePromise(
    'takes the same id once, while it waits, runs and when it is done',
    async ({ jobs, queue, work, until }) => {
      const held = latch()
      expect(await jobs.add(queue, { id: 'once', data: '1', notBeforeMs: Date.now() + 300 })).toBe('added')
      expect(await jobs.add(queue, { id: 'once', data: '2' })).toBe('exists')
      const { runs } = await work(jobs, async () => {
        await held.opened
        return { kind: 'done' }
      })
      await until('it runs', () => runs.length > 0)
      expect(await jobs.add(queue, { id: 'once', data: '3' })).toBe('exists')
      held.open()
      await until('it is done', async () => (await jobs.counts(queue)).running === 0)
      expect(await jobs.add(queue, { id: 'once', data: '4' })).toBe('exists')
      await jobs.add(queue, { id: 'other', data: '{}' })
      await until('the other one ran', () => runs.length >= 2)
      expect(runs.map((run) => [run.id, run.data])).toEqual([
        ['once', '1'],
        ['other', '{}'],
      ])
    },
  ),

  jobQueuePromise('lets one of many adders of an id add it', async ({ jobs, queue, another, work, until }) => {
    const other = await another()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, at) => (at % 2 ? jobs : other).add(queue, { id: 'once', data: String(at) })),
    )
    expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(1)
    const { runs } = await work(jobs)
    await until('it ran', () => runs.length > 0)
    await pause(200)
    expect(runs).toHaveLength(1)
  }),

  jobQueuePromise(
    'tries again after each pause, and says which try is the last',
    async ({ jobs, queue, work, until }) => {
      const { runs } = await work(jobs, async (job) =>
        job.attempt < 4 ? { kind: 'retry', reason: 'the reader was away' } : { kind: 'done' },
      )
      await jobs.add(queue, { id: 'retried', data: '{}', retry: { attempts: 4, pausesMs: [200, 600] } })
      await until('it ran four times', () => runs.length >= 4)
      expect(runs.map((run) => [run.attempt, run.isLastAttempt])).toEqual([
        [1, false],
        [2, false],
        [3, false],
        [4, true],
      ])
      const gaps = runs.slice(1).map((run, at) => run.atMs - (runs[at]?.atMs ?? 0))
      for (const [at, least] of [200, 600, 600].entries()) expect(gaps[at]).toBeGreaterThanOrEqual(least - 5)
      await until('it is done', async () => (await jobs.counts(queue)).running === 0)
      expect(await jobs.counts(queue)).toEqual({ waiting: 0, delayed: 0, running: 0, failed: 0 })
    },
  ),

  jobQueuePromise('counts a thrown error as a failed try', async ({ jobs, queue, work, until }) => {
    const { runs } = await work(jobs, async (job) => {
      if (job.attempt === 1) throw new Error('a bug')
      return { kind: 'done' }
    })
    await jobs.add(queue, { id: 'throws', data: '{}', retry: { attempts: 2, pausesMs: [50] } })
    await until('it ran twice', () => runs.length >= 2)
    expect(runs.map((run) => run.attempt)).toEqual([1, 2])
  }),

  jobQueuePromise('stops trying after the last try, and keeps count of it', async ({ jobs, queue, work, until }) => {
    const { runs } = await work(jobs, async () => ({ kind: 'retry', reason: 'never works' }))
    await jobs.add(queue, { id: 'fails', data: '{}', retry: { attempts: 2, pausesMs: [50] } })
    await jobs.add(queue, { id: 'fails-at-once', data: '{}' })
    await until('both failed', async () => (await jobs.counts(queue)).failed === 2)
    await pause(300)
    expect(runs.filter((run) => run.id === 'fails')).toHaveLength(2)
    expect(runs.filter((run) => run.id === 'fails-at-once')).toHaveLength(1)
    expect(await jobs.counts(queue)).toEqual({ waiting: 0, delayed: 0, running: 0, failed: 2 })
  }),

  jobQueuePromise('gives up when the handler says so', async ({ jobs, queue, work, until }) => {
    const { runs } = await work(jobs, async () => ({ kind: 'give-up', reason: 'answered 410' }))
    await jobs.add(queue, { id: 'gone', data: '{}', retry: { attempts: 5, pausesMs: [20] } })
    await until('it failed', async () => (await jobs.counts(queue)).failed === 1)
    await pause(200)
    expect(runs).toHaveLength(1)
  }),

  jobQueuePromise('puts a job back for later without counting a try', async ({ jobs, queue, work, until }) => {
    let dueMs = 0
    const { runs } = await work(jobs, async () => {
      if (runs.length > 2) return { kind: 'done' }
      dueMs = Date.now() + 500
      return { kind: 'later', notBeforeMs: dueMs }
    })
    await jobs.add(queue, { id: 'postponed', data: '{"n":1}', retry: { attempts: 2, pausesMs: [10] } })
    await until('it ran three times', () => runs.length >= 3)
    expect(runs.map((run) => [run.attempt, run.isLastAttempt, run.data])).toEqual([
      [1, false, '{"n":1}'],
      [1, false, '{"n":1}'],
      [1, false, '{"n":1}'],
    ])
    expect(runs.at(-1)?.atMs).toBeGreaterThanOrEqual(dueMs)
    await until('it is done', async () => (await jobs.counts(queue)).running === 0)
    expect(await jobs.counts(queue)).toEqual({ waiting: 0, delayed: 0, running: 0, failed: 0 })
  }),

  jobQueuePromise('runs as many at once as it was told to, and no more', async ({ jobs, queue, work, until }) => {
    const held = latch()
    let atWork = 0
    let most = 0
    const { runs } = await work(
      jobs,
      async () => {
        most = Math.max(most, ++atWork)
        await held.opened
        atWork--
        return { kind: 'done' }
      },
      { concurrency: 3 },
    )
    for (const at of [1, 2, 3, 4, 5, 6]) await jobs.add(queue, { id: `job-${at}`, data: '{}' })
    await until('three run', () => runs.length >= 3)
    expect(await jobs.counts(queue)).toMatchObject({ running: 3, waiting: 3 })
    held.open()
    await until('all ran', () => runs.length >= 6)
    expect(most).toBe(3)
  }),
]
