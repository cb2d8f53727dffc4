import { EngineRefusal, type JobQueue, type RunningJob, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { type OwnRedis, startOwnRedis } from '@dateline/redis/testing'
import { afterEach, describe, expect, test } from 'vitest'
import type { BullmqOptions } from './bullmq-options.ts'
import { openBullmqJobQueue } from './open-bullmq-job-queue.ts'

const undos: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})

async function ownRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const own = await startOwnRedis(settings)
  undos.push(own.dispose)
  return own
}

async function open(port: number, more: Partial<BullmqOptions> = {}): Promise<JobQueue> {
  const jobs = await openBullmqJobQueue({ host: '127.0.0.1', port, db: 0, tls: false, prefix: 'test', ...more })
  undos.push(jobs.close)
  return jobs
}

const failsNow = (jobs: JobQueue): Promise<boolean> =>
  jobs.counts('q').then(
    () => false,
    () => true,
  )

describe.skipIf(!process.env.TEST_REDIS_JOBS)('jobs in a Redis of our own', () => {
  test('refuses a Redis that may evict, and names the setting', async () => {
    const own = await ownRedis(['--maxmemory-policy', 'volatile-ttl'])
    const opening = open(own.port)
    await expect(opening).rejects.toBeInstanceOf(EngineRefusal)
    await expect(opening).rejects.toThrow('maxmemory-policy to noeviction')
  })

  test('fails at once while Redis is away, and goes on when it is back', async () => {
    const own = await ownRedis(['--appendfsync', 'always'])
    const jobs = await open(own.port)
    await jobs.add('q', { id: 'a-1', data: '1' })
    await own.stop()
    await until('the connection is seen to be gone', () => failsNow(jobs))
    const started = performance.now()
    await expect(jobs.add('q', { id: 'a-2', data: '2' })).rejects.toBeInstanceOf(TransientFault)
    await expect(jobs.work('q', async () => ({ kind: 'done' }))).rejects.toBeInstanceOf(TransientFault)
    expect(performance.now() - started).toBeLessThan(1_000)
    await own.start()
    await until('it answers again', async () => !(await failsNow(jobs)))
    expect(await jobs.add('q', { id: 'a-1', data: '1' })).toBe('exists')
    expect(await jobs.add('q', { id: 'a-2', data: '2' })).toBe('added')
  })

  test('a worker goes on after Redis was away, and says that a job done meanwhile is done', async () => {
    const own = await ownRedis(['--appendfsync', 'always'])
    const jobs = await open(own.port)
    const runs: string[] = []
    let finish = () => {}
    await jobs.add('q', { id: 'a-1', data: '1' })
    const work = await jobs.work('q', async (job) => {
      runs.push(job.id)
      if (job.id === 'a-1') await new Promise<void>((resolve) => (finish = resolve))
      return { kind: 'done' }
    })
    await until('the first runs', () => runs.length === 1)
    await own.stop()
    finish()
    await own.start()
    await until('it answers again', async () => !(await failsNow(jobs)))
    await jobs.add('q', { id: 'a-2', data: '2' })
    await until('the second ran', () => runs.includes('a-2'))
    await until('all is done', async () => (await jobs.counts('q')).running === 0)
    expect(runs).toEqual(['a-1', 'a-2'])
    await work.stop(5_000)
  })

  test('runs a job again whose workers died more often than BullMQ has patience for', async () => {
    const own = await ownRedis()
    const deadAfterMs = 2_000
    const dying = await open(own.port)
    const runs: RunningJob[] = []
    await dying.add('q', { id: 'a-1', data: '1' })
    // Hangs, and is stopped without its end: to Redis that is a worker that died.
    const hang = (job: RunningJob): Promise<never> => {
      runs.push(job)
      return new Promise(() => {})
    }
    const work = await dying.work('q', hang, { deadAfterMs })
    await until('it runs', () => runs.length === 1)
    await work.stop(0)
    await own.command('HSET', 'test:q:j-a-1', 'stc', '1000')
    const jobs = await open(own.port)
    const done = async (job: RunningJob) => {
      runs.push(job)
      return { kind: 'done' } as const
    }
    await jobs.work('q', done, { deadAfterMs })
    await until('it runs again', () => runs.length === 2)
    expect(runs.map((run) => [run.id, run.attempt, run.isLastAttempt])).toEqual([
      ['a-1', 1, true],
      ['a-1', 1, true],
    ])
    await until('it is done', async () => (await jobs.counts('q')).running === 0)
    expect((await jobs.counts('q')).failed).toBe(0)
  })

  test('lets a job be whose worker lost it while it stood still, and was another then', async () => {
    const own = await ownRedis()
    const warnings: string[] = []
    const first = await open(own.port, { warn: (message) => warnings.push(message) })
    const second = await open(own.port)
    const runs: string[] = []
    const finishes: (() => void)[] = []
    const slow = (name: string) => async () => {
      runs.push(name)
      await new Promise<void>((resolve) => finishes.push(resolve))
      return { kind: 'done' } as const
    }
    await first.add('q', { id: 'a-1', data: '1' })
    await first.work('q', slow('first'), { deadAfterMs: 2_000 })
    await until('it runs', () => runs.length === 1)
    // As if it had stood still for so long that Redis let the lock go, and still stood still.
    await own.command('DEL', 'test:q:j-a-1:lock')
    await second.work('q', slow('second'), { deadAfterMs: 2_000 })
    await until('another runs it', () => runs.length === 2)
    finishes[0]?.()
    await until('the first is told', () => warnings.length > 0)
    await first.add('q', { id: 'a-2', data: '2' })
    await until('the first goes on with another job', () => runs.length === 3)
    expect(runs).toEqual(['first', 'second', 'first'])
    expect(await first.counts('q')).toMatchObject({ running: 2, waiting: 0, failed: 0 })
    for (const finish of finishes) finish()
    await until('all is done', async () => (await first.counts('q')).running === 0)
    expect((await first.counts('q')).failed).toBe(0)
  })

  test('takes an id again a day after its job was done, not earlier', async () => {
    const own = await ownRedis()
    const jobs = await open(own.port)
    const runs: string[] = []
    await jobs.add('q', { id: 'a-1', data: '1' })
    const work = await jobs.work('q', async (job) => {
      runs.push(job.data)
      return { kind: 'done' }
    })
    await until('it is done', async () => runs.length === 1 && (await jobs.counts('q')).running === 0)
    const hoursAgo = (hours: number) => String(Date.now() - hours * 3_600_000)
    await own.command('HSET', 'test:q:j-a-1', 'finishedOn', hoursAgo(23))
    expect(await jobs.add('q', { id: 'a-1', data: '2' })).toBe('exists')
    await own.command('HSET', 'test:q:j-a-1', 'finishedOn', hoursAgo(25))
    expect(await jobs.add('q', { id: 'a-1', data: '3' })).toBe('added')
    await until('the new one ran', () => runs.length === 2)
    expect(runs).toEqual(['1', '3'])
    await work.stop(5_000)
  })

  test('does not run a schedule at once because it was told again', async () => {
    const own = await ownRedis()
    const jobs = await open(own.port)
    const runs: string[] = []
    const schedule = { id: 'sweep', everyMs: 3_600_000, data: '{}' }
    await jobs.every('q', schedule)
    await jobs.work('q', async (job) => {
      runs.push(job.id)
      return { kind: 'done' }
    })
    await until('it ran', async () => runs.length === 1 && (await jobs.counts('q')).delayed === 1)
    for (let again = 0; again < 3; again += 1) await jobs.every('q', schedule)
    await jobs.add('q', { id: 'after', data: '{}' })
    await until('the job behind ran', () => runs.includes('after'))
    expect(runs).toHaveLength(2)
    expect(runs.every((id) => /^[A-Za-z0-9_-]+$/.test(id))).toBe(true)
  })

  test('begins a schedule anew whose chain of jobs was broken', async () => {
    const own = await ownRedis()
    const jobs = await open(own.port)
    const schedule = { id: 'sweep', everyMs: 3_600_000, data: '{}' }
    await jobs.every('q', schedule)
    for (const key of (await own.command('KEYS', 'test:q:repeat:sweep:*')) as string[]) await own.command('DEL', key)
    await own.command('DEL', 'test:q:delayed', 'test:q:wait')
    await jobs.every('q', schedule)
    const { waiting, delayed } = await jobs.counts('q')
    expect(waiting + delayed).toBe(1)
  })

  test('keeps jobs whose ids are the names of lists inside BullMQ', async () => {
    const own = await ownRedis()
    const jobs = await open(own.port)
    for (const id of ['wait', 'active', 'delayed', 'completed', 'failed', 'meta', 'id', 'events', 'repeat']) {
      expect(await jobs.add('q', { id, data: '{}' })).toBe('added')
    }
    expect((await jobs.counts('q')).waiting).toBe(9)
  })

  test('refuses ids and queues that would be misread', async () => {
    const own = await ownRedis()
    const jobs = await open(own.port)
    for (const id of ['', 'a:b', '123', 'é', 'a b']) {
      await expect(jobs.add('q', { id, data: '{}' })).rejects.toBeInstanceOf(RangeError)
    }
    await expect(jobs.counts('a:b')).rejects.toBeInstanceOf(RangeError)
  })
})
