import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { done, jobQueuePromise } from './job-queue-bench.ts'
import { uniqueName } from './scope.ts'
import { latch } from './waiting.ts'

export const lastingPromises = [
  jobQueuePromise('runs every job once when two share the work', async ({ jobs, queue, another, work, until }) => {
    const first = await work(jobs, done, { concurrency: 4 })
    const second = await work(await another(), done, { concurrency: 4 })
    const ids = Array.from({ length: 100 }, (_, at) => `job-${at}`)
    for (const id of ids) await jobs.add(queue, { id, data: '{}' })
    const ran = () => [...first.ids(), ...second.ids()]
    await until('all ran', () => ran().length >= 100)
    await pause(200)
    expect(ran().toSorted()).toEqual(ids.toSorted())
  }),

  jobQueuePromise('remembers jobs, delays and ids over a restart', async ({ jobs, queue, another, work, until }) => {
    const before = await another()
    const dueMs = Date.now() + 2_800
    await before.add(queue, { id: 'waiting', data: '1' })
    await before.add(queue, { id: 'delayed', data: '2', notBeforeMs: dueMs })
    await before.close()
    expect(await jobs.add(queue, { id: 'waiting', data: '3' })).toBe('exists')
    expect(await jobs.add(queue, { id: 'delayed', data: '3' })).toBe('exists')
    const { runs } = await work(jobs)
    await until('both ran', () => runs.length >= 2)
    expect(runs.map((run) => [run.id, run.data])).toEqual([
      ['waiting', '1'],
      ['delayed', '2'],
    ])
    expect(runs[1]?.atMs).toBeGreaterThanOrEqual(dueMs)
    await until('both are done', async () => (await jobs.counts(queue)).running === 0)
    expect(await (await another()).add(queue, { id: 'waiting', data: '4' })).toBe('exists')
  }),

  jobQueuePromise('counts what waits, is delayed, runs and failed', async ({ jobs, queue, work, until }) => {
    const held = latch()
    await jobs.add(queue, { id: 'b-1', data: '{}' })
    await jobs.add(queue, { id: 'b-2', data: '{}' })
    await jobs.add(queue, { id: 'b-3', data: '{}', notBeforeMs: Date.now() + 3_600_000 })
    expect(await jobs.counts(queue)).toEqual({ waiting: 2, delayed: 1, running: 0, failed: 0 })
    const { runs } = await work(jobs, async (job) => {
      await held.opened
      return job.id === 'b-1' ? { kind: 'give-up', reason: 'refused' } : { kind: 'done' }
    })
    await until('one runs', () => runs.length > 0)
    expect(await jobs.counts(queue)).toEqual({ waiting: 1, delayed: 1, running: 1, failed: 0 })
    held.open()
    await until('the other one is done', async () => runs.length === 2 && (await jobs.counts(queue)).running === 0)
    expect(await jobs.counts(queue)).toEqual({ waiting: 0, delayed: 1, running: 0, failed: 1 })
    expect(await jobs.remove(queue, 'b-3')).toBe(true)
  }),

  jobQueuePromise('removes a waiting job and its id, never a running one', async ({ jobs, queue, work, until }) => {
    const held = latch()
    const farMs = Date.now() + 3_600_000
    await jobs.add(queue, { id: 'delayed', data: '1', notBeforeMs: farMs })
    await jobs.add(queue, { id: 'waiting', data: '1' })
    expect(await jobs.remove(queue, 'delayed')).toBe(true)
    expect(await jobs.remove(queue, 'waiting')).toBe(true)
    expect(await jobs.remove(queue, 'waiting')).toBe(false)
    expect(await jobs.remove(queue, 'never-there')).toBe(false)
    expect(await jobs.counts(queue)).toEqual({ waiting: 0, delayed: 0, running: 0, failed: 0 })
    expect(await jobs.add(queue, { id: 'delayed', data: '2' })).toBe('added')
    const { runs } = await work(jobs, async () => {
      await held.opened
      return { kind: 'done' }
    })
    await until('it runs', () => runs.length > 0)
    expect(await jobs.remove(queue, 'delayed')).toBe(false)
    held.open()
    await until('it is done', async () => (await jobs.counts(queue)).running === 0)
    expect(runs.map((run) => run.data)).toEqual(['2'])
  }),

  jobQueuePromise('repeats a job while its schedule stands, and the same id replaces it', async (bench) => {
    const { jobs, queue, another, work, until } = bench
    await jobs.every(queue, { id: 'sweep', everyMs: 200, data: '"old"' })
    const { runs } = await work(jobs)
    await until('it ran three times', () => runs.length >= 3)
    expect(new Set(runs.map((run) => run.id)).size).toBe(runs.length)
    expect(new Set(runs.map((run) => run.data))).toEqual(new Set(['"old"']))
    await (await another()).every(queue, { id: 'sweep', everyMs: 300, data: '"new"' })
    await until('the new one runs', () => runs.filter((run) => run.data === '"new"').length >= 4)
    const from = runs.findIndex((run) => run.data === '"new"')
    // A job of the old schedule may already have been waiting.
    expect(runs.slice(from + 1).every((run) => run.data === '"new"')).toBe(true)
    const spanMs = (runs.at(-1)?.atMs ?? 0) - (runs[from]?.atMs ?? 0)
    expect(spanMs).toBeGreaterThanOrEqual((runs.length - 1 - from) * 300 - 250)
    await jobs.every(queue, { id: 'sweep', everyMs: 3_600_000, data: '"rest"' })
  }),

  jobQueuePromise('keeps a schedule over a restart', async ({ jobs, queue, another, work, until }) => {
    const before = await another()
    await before.every(queue, { id: 'sweep', everyMs: 200, data: '"tick"' })
    await before.close()
    const { runs } = await work(jobs)
    await until('it ran twice', () => runs.length >= 2)
    expect(runs[0]?.data).toBe('"tick"')
    await jobs.every(queue, { id: 'sweep', everyMs: 3_600_000, data: '"rest"' })
  }),

  jobQueuePromise('keeps queues apart', async ({ jobs, queue, work, until }) => {
    const other = uniqueName('contract')
    await jobs.add(other, { id: 'same', data: '1', notBeforeMs: Date.now() + 3_600_000 })
    expect(await jobs.add(queue, { id: 'same', data: '2' })).toBe('added')
    const { runs } = await work(jobs)
    await until('it ran', () => runs.length > 0)
    expect(runs.map((run) => run.data)).toEqual(['2'])
    expect(await jobs.counts(other)).toMatchObject({ delayed: 1, running: 0 })
    expect(await jobs.remove(other, 'same')).toBe(true)
  }),

  jobQueuePromise('lets a running job end when the work is stopped, and starts no other', async (bench) => {
    const { jobs, queue, work, until } = bench
    const held = latch()
    let ended = false
    const first = await work(jobs, async () => {
      await held.opened
      ended = true
      return { kind: 'done' }
    })
    await jobs.add(queue, { id: 'running', data: '{}' })
    await jobs.add(queue, { id: 'waiting', data: '{}' })
    await until('it runs', () => first.runs.length > 0)
    const stopping = first.work.stop(30_000)
    await pause(100)
    held.open()
    await stopping
    expect(ended).toBe(true)
    expect(first.ids()).toEqual(['running'])
    expect(await jobs.counts(queue)).toEqual({ waiting: 1, delayed: 0, running: 0, failed: 0 })
    const second = await work(jobs)
    await until('the waiting one runs', () => second.runs.length > 0)
    expect(second.ids()).toEqual(['waiting'])
  }),

  jobQueuePromise('stops at the deadline when a job hangs', async ({ jobs, queue, work, until }) => {
    const held = latch()
    const { runs, work: working } = await work(jobs, async () => {
      await held.opened
      return { kind: 'done' }
    })
    await jobs.add(queue, { id: 'hangs', data: '{}' })
    await until('it runs', () => runs.length > 0)
    const started = performance.now()
    await working.stop(300)
    const tookMs = performance.now() - started
    held.open()
    expect(tookMs).toBeGreaterThanOrEqual(250)
    expect(tookMs).toBeLessThan(10_000)
  }),
]
