import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import { EngineRefusal, type Engines, type EventLog, type JobQueue, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics, readPartition, type Service, type ServiceContext, storyPartitions } from '@dateline/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Schedule } from './attempts.ts'
import type { DeliveryNote } from './notes.ts'
import { contextOf, mortal, type StoryEventInput, storyRecord } from './testing/dispatcher-bench.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'
import { type WebhooksOptions, webhooks } from './webhooks.ts'

const quick: Schedule = { pausesMs: [30, 60, 90, 120], refusedPausesMs: [20, 40, 60], tooOldMs: 3_600_000 }

let dir = ''
let engines: Engines
let receiver: Receiver
let services: Service[] = []
let closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-webhooks-'))
  engines = await openEmbedded({ dir })
  await applyTopics(engines.log, [])
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const service of services) await service.stop(1_000)
  for (const close of closing) await close()
  services = []
  closing = []
  await receiver.close()
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

const one = (more = ''): string =>
  `subscriptions: { desk: { deliver: webhook, url: "${receiver.url}", allowPrivate: true, timeout: 500ms${more} } }`

async function start(
  options: WebhooksOptions & { readonly config?: string; readonly engines?: Engines } = {},
): Promise<ServiceContext> {
  const context = await contextOf(options.engines ?? engines, options.config ?? one())
  const service = webhooks(context, { schedule: quick, tickEveryMs: 50, sweepEveryMs: 200, ...options })
  await service.start()
  services.push(service)
  await until('it begins', async () => (await begun()) === storyPartitions)
  return context
}
/** Partitions that were begun: what is published from then on must not be missed. */
async function begun(): Promise<number> {
  return (await noted()).filter((note) => 'begin' in note).length
}
async function noted(): Promise<(DeliveryNote | { begin: number } | { tenure: number })[]> {
  const notes: (DeliveryNote | { begin: number } | { tenure: number })[] = []
  for (const { partition } of await engines.log.offsets('stories.deliveries'))
    for await (const record of readPartition(engines.log, 'stories.deliveries', partition))
      notes.push(JSON.parse(record.value?.toString() ?? '') as DeliveryNote | { begin: number })
  return notes
}
async function results(): Promise<string[]> {
  return (await noted())
    .flatMap((note) => ('storySeq' in note ? [`${note.storyKey}#${note.storySeq} ${note.result}`] : []))
    .toSorted()
}
const publish = (...stories: StoryEventInput[]): Promise<unknown> => engines.log.append(stories.map(storyRecord))
async function lag(): Promise<number> {
  const offsets = await engines.log.offsets('stories', 'dispatcher')
  return offsets.reduce((sum, { high, committed }) => sum + (committed === null ? 0 : high - committed), 0)
}

describe('a published story', () => {
  it('is delivered to every subscription that wants it, and noted', async () => {
    const other = await startReceiver()
    closing.push(other.close)
    await start({
      config: `subscriptions:
  desk: { deliver: webhook, url: "${receiver.url}", allowPrivate: true }
  dpa: { deliver: webhook, url: "${other.url}", allowPrivate: true, where: { suppliers: [dpa] } }`,
    })
    await publish({ key: 'anp:1' }, { key: 'dpa:1' })
    await until('all came', () => receiver.deliveries.length === 2 && other.deliveries.length === 1)
    expect(receiver.names().toSorted()).toEqual(['anp:1#1', 'dpa:1#1'])
    expect(other.names()).toEqual(['dpa:1#1'])
    await until('all is noted', async () => (await results()).length === 3)
    await until('all is committed', async () => (await lag()) === 0)
  })

  it('from before the first start is not sent', async () => {
    await publish({ key: 'anp:old' })
    await start()
    await publish({ key: 'anp:new' })
    await until('the new one came', () => receiver.deliveries.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(receiver.names()).toEqual(['anp:new#1'])
  })
})

describe('a receiver that fails', () => {
  it.each([
    ['500', 500],
    ['no answer in time', 'hang'],
  ] as const)('by %s is tried again, under the same id, until it takes the story', async (_name, say) => {
    receiver.answer = () => (receiver.deliveries.length < 3 ? say : 200)
    await start()
    await publish({ key: 'anp:1' })
    await until('it is delivered', async () => (await results()).includes('anp:1#1 delivered'))
    expect(receiver.deliveries).toHaveLength(3)
    expect(new Set(receiver.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  it('for too long loses the delivery, which is noted and raises an alarm', async () => {
    receiver.answer = () => 500
    const context = await start()
    await publish({ key: 'anp:1' })
    await until('it is given up', async () => (await results()).includes('anp:1#1 given-up'))
    expect(receiver.deliveries).toHaveLength(5)
    expect(context.alarms.standing()).toMatchObject([{ alarm: 'webhook-given-up', feed: 'desk' }])
    await until('nothing is held back', async () => (await lag()) === 0)
  })

  it('by 404 raises an alarm at once', async () => {
    receiver.answer = () => 404
    const context = await start({ schedule: { ...quick, refusedPausesMs: [60_000] } })
    await publish({ key: 'anp:1' })
    await until('the alarm stands', () => context.alarms.standing().length === 1)
    expect(context.alarms.standing()[0]?.message).toBe('The webhook of desk refuses deliveries (404).')
  })

  it('by 404 is tried on the shorter schedule', async () => {
    receiver.answer = () => 404
    await start()
    await publish({ key: 'anp:1' })
    await until('it is given up', async () => (await results()).includes('anp:1#1 given-up'))
    expect(receiver.deliveries).toHaveLength(4)
  })

  it('by 404 during a deployment loses nothing, a kill least of all, and the alarm is cleared', async () => {
    receiver.answer = () => (receiver.deliveries.length < 3 ? 404 : 200)
    const context = await start()
    await publish({ key: 'anp:1', type: 'killed' })
    await until('it is delivered', async () => (await results()).includes('anp:1#1 delivered'))
    expect(context.alarms.standing()).toEqual([])
  })

  it('by 429 is left alone for as long as it asks, with all its stories', async () => {
    receiver.answer = () => (receiver.deliveries.length === 1 ? [429, { 'retry-after': '1' }] : 200)
    await start()
    await publish({ key: 'anp:1' })
    await until('it was refused', () => receiver.deliveries.length === 1)
    const refusedAtMs = receiver.deliveries[0]?.atMs ?? 0
    await publish({ key: 'anp:2' }, { key: 'anp:3' })
    await until('all came', () => receiver.deliveries.length === 4)
    for (const { atMs } of receiver.deliveries.slice(1)) expect(atMs - refusedAtMs).toBeGreaterThan(950)
  })

  it('by 410 is disabled: nothing more is sent to it, and nothing is held back', async () => {
    receiver.answer = () => 410
    const context = await start()
    await publish({ key: 'anp:1' })
    await until('it is disabled', async () => (await results()).includes('anp:1#1 disabled'))
    expect(context.alarms.standing()[0]?.message).toContain('410 Gone')
    await publish({ key: 'anp:2' }, { key: 'anp:3', type: 'killed' })
    await until('nothing is held back', async () => (await lag()) === 0)
    expect(receiver.deliveries).toHaveLength(1)
  })

  it('holds nobody else back, however much waits for it', async () => {
    const slow = await startReceiver()
    closing.push(slow.close)
    slow.answer = () => 'hang'
    await start({
      mostUnderWay: 5,
      config: `subscriptions:
  desk: { deliver: webhook, url: "${receiver.url}", allowPrivate: true }
  slow: { deliver: webhook, url: "${slow.url}", allowPrivate: true, timeout: 30s }`,
    })
    const keys = Array.from({ length: 60 }, (_unused, at) => `anp:${at}`)
    await publish(...keys.map((key) => ({ key, partition: 0 })))
    await until('the other one has all', () => new Set(receiver.names()).size === 60)
    expect(slow.deliveries.length).toBeLessThanOrEqual(8)
    expect(await lag()).toBeGreaterThan(0)
  })

  it('gets what had to wait for it in the log, once it works again, every story once', async () => {
    const slow = await startReceiver()
    closing.push(slow.close)
    let isDown = true
    slow.answer = () => (isDown ? 503 : 200)
    await start({
      mostUnderWay: 5,
      schedule: { ...quick, pausesMs: Array.from({ length: 200 }, () => 50) },
      config: `subscriptions: { slow: { deliver: webhook, url: "${slow.url}", allowPrivate: true } }`,
    })
    const keys = Array.from({ length: 40 }, (_unused, at) => `anp:${at}`)
    await publish(...keys.map((key) => ({ key, partition: 0 })))
    await until('it was tried', () => slow.deliveries.length > 3)
    await publish({ key: 'anp:kill', type: 'killed', partition: 0 })
    await until('the kill was tried', () => slow.names().includes('anp:kill#1'))
    expect(slow.names(), 'the kill did not wait for what was parked before it').not.toContain('anp:39#1')
    isDown = false
    const failed = slow.deliveries.length
    await until(
      'all is delivered',
      async () => (await results()).filter((text) => text.endsWith('delivered')).length === 41,
      { limitMs: 15_000 },
    )
    const after = slow.names().slice(failed)
    expect(after.toSorted()).toEqual([...keys.map((key) => `${key}#1`), 'anp:kill#1'].toSorted())
    await until('all is committed', async () => (await lag()) === 0)
  })
})

describe('the events of one story', () => {
  it('are never delivered two at once, and never backwards', async () => {
    receiver.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      return Math.random() < 0.3 ? 500 : 200
    }
    await start({ schedule: { ...quick, pausesMs: Array.from({ length: 50 }, () => 10) } })
    for (let seq = 1; seq <= 15; seq += 1) {
      await publish(...['anp:1', 'anp:2', 'anp:3', 'anp:4'].map((key) => ({ key, seq })))
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    await until(
      'the newest of each was delivered',
      async () => {
        const found = await results()
        return ['anp:1', 'anp:2', 'anp:3', 'anp:4'].every((key) => found.includes(`${key}#15 delivered`))
      },
      { limitMs: 15_000 },
    )
    expect(receiver.overlaps).toEqual([])
    for (const key of ['anp:1', 'anp:2', 'anp:3', 'anp:4']) {
      const seqs = receiver.deliveries.filter(({ subject }) => subject === key).map(({ seq }) => seq)
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    }
  })

  it('that are older than the newest are superseded while the receiver is away', async () => {
    receiver.answer = () => 500
    await start({ schedule: { ...quick, pausesMs: Array.from({ length: 500 }, () => 20) } })
    await publish({ key: 'anp:1', seq: 1 })
    await until('it was tried', () => receiver.deliveries.length > 0)
    await publish({ key: 'anp:1', seq: 2 }, { key: 'anp:1', seq: 3 })
    await until('the newest was tried often', () => receiver.names().filter((name) => name === 'anp:1#3').length > 5)
    const names = receiver.names()
    expect(new Set(names.slice(names.indexOf('anp:1#3')))).toEqual(new Set(['anp:1#3']))
    receiver.answer = () => 200
    await until('the newest is delivered', async () => (await results()).includes('anp:1#3 delivered'))
    await until('nothing is held back', async () => (await lag()) === 0)
    expect(receiver.names().at(-1)).toBe('anp:1#3')
  })

  it('that come twice, as after a crash of the publisher, are delivered once and hold nothing back', async () => {
    await start()
    await publish(
      { key: 'anp:1', seq: 1 },
      { key: 'anp:1', seq: 2 },
      { key: 'anp:1', seq: 1 },
      { key: 'anp:1', seq: 2 },
    )
    await until('all is done', async () => (await results()).includes('anp:1#2 delivered') && (await lag()) === 0)
    expect(receiver.names().filter((name) => name === 'anp:1#2')).toHaveLength(1)
    expect(receiver.names().at(-1)).toBe('anp:1#2')
  })
})

describe('a kill', () => {
  it.each(['killed', 'withheld'] as const)(
    '(%s) reaches subscriptions that filter, and those that are not active',
    async (type) => {
      await start({
        config: `subscriptions:
  sport: { deliver: webhook, url: "${receiver.url}", allowPrivate: true, where: { subjects: [sport], maxUrgency: 1 } }
  ended: { deliver: webhook, url: "${receiver.url}", allowPrivate: true, active: false }`,
      })
      await publish({ key: 'anp:1', seq: 1 }, { key: 'anp:1', seq: 2, type })
      await until('both have it', () => receiver.deliveries.length === 2)
      expect(receiver.names()).toEqual(['anp:1#2', 'anp:1#2'])
      await until('nothing is held back', async () => (await lag()) === 0)
      expect(await results()).toEqual(['anp:1#2 delivered', 'anp:1#2 delivered'])
    },
  )
})

describe('after a crash', () => {
  it.each(['kept', 'wiped'] as const)(
    'with the queue %s, it reads on from the oldest event not noted: nothing is lost',
    async (queue) => {
      const doomed = mortal(await openEmbedded({ dir }))
      let isUp = true
      receiver.answer = ({ subject }) => (isUp || subject.startsWith('anp:a') ? 200 : 503)
      await start({ engines: doomed.engines, config: one(), schedule: { ...quick, pausesMs: [600_000] } })
      await publish(...Array.from({ length: 20 }, (_unused, at) => ({ key: `anp:a${at}` })))
      await until('the first ones are noted', async () => (await results()).length === 20)
      isUp = false
      await publish(...Array.from({ length: 20 }, (_unused, at) => ({ key: `anp:b${at}` })))
      await publish(...Array.from({ length: 20 }, (_unused, at) => ({ key: `anp:a${at}`, seq: 2 })))
      await until('some are delivered, some are not', async () => (await results()).length >= 30)
      doomed.die()
      await doomed.engines.close()
      services = []
      const before = receiver.deliveries.length

      isUp = true
      const jobs = queue === 'kept' ? engines.jobs : (await fresh()).jobs
      await start({ engines: { ...engines, jobs } })
      await publish({ key: 'anp:c' })
      await until('all is noted', async () => (await results()).length === 61)
      expect((await results()).filter((text) => !text.endsWith('delivered'))).toEqual([])
      const after = receiver.names().slice(before)
      for (let at = 0; at < 20; at += 1) expect(after).toContain(`anp:b${at}#1`)
      expect(after.filter((name) => /^anp:a\d+#1$/.test(name))).toEqual([])
      await until('all is committed', async () => (await lag()) === 0)
    },
  )

  it('a job that is run twice at once is noted once', async () => {
    const noting = Promise.withResolvers<void>()
    const again = Promise.withResolvers<void>()
    const log: EventLog = {
      ...engines.log,
      async append(records) {
        if (records.some(({ value }) => typeof value === 'string' && value.includes('storySeq'))) {
          noting.resolve()
          await again.promise
        }
        return engines.log.append(records)
      },
    }
    const jobs: JobQueue = {
      ...engines.jobs,
      work: (queue, handler, options) =>
        engines.jobs.work(
          queue,
          async (job) => {
            const first = handler(job)
            await noting.promise
            const second = handler(job)
            await new Promise(setImmediate)
            again.resolve()
            return (await Promise.all([first, second]))[0]
          },
          options,
        ),
    }
    await start({ engines: { ...engines, log, jobs } })
    await publish({ key: 'anp:1' })
    await until('all is committed', async () => (await results()).length > 0 && (await lag()) === 0)
    expect(await results()).toEqual(['anp:1#1 delivered'])
    expect(receiver.deliveries).toHaveLength(1)
  })

  it('the jobs that are left try nothing: the new ones stand for them', async () => {
    const doomed = mortal(await openEmbedded({ dir }))
    receiver.answer = () => 500
    await start({ engines: doomed.engines, schedule: { ...quick, pausesMs: Array.from({ length: 99 }, () => 2_000) } })
    await publish({ key: 'anp:1' }, { key: 'anp:2' })
    await until('both were tried', () => new Set(receiver.names()).size === 2)
    doomed.die()
    await doomed.engines.close()
    services = []
    const before = receiver.deliveries.length
    await start({ schedule: { ...quick, pausesMs: [600_000] } })
    await until('both were tried again', () => new Set(receiver.names().slice(before)).size === 2)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(receiver.deliveries.length - before).toBe(2)
  })

  it('between the first start and the first commit, what came meanwhile is delivered', async () => {
    const doomed = mortal(await openEmbedded({ dir }))
    await start({ engines: doomed.engines })
    doomed.die()
    await doomed.engines.close()
    services = []
    await publish(...Array.from({ length: 12 }, (_unused, partition) => ({ key: `anp:${partition}`, partition })))
    await start()
    await until('all came', () => receiver.deliveries.length === 12)
  })

  it('what was delivered but not noted is delivered once more under the same id', async () => {
    const doomed = mortal(await openEmbedded({ dir }))
    await start({ engines: doomed.engines })
    receiver.answer = () => {
      doomed.die()
      return 200
    }
    await publish({ key: 'anp:1' })
    await until('it came', () => receiver.deliveries.length === 1)
    await doomed.engines.close()
    services = []
    receiver.answer = () => 200
    await start()
    await until('it came again', () => receiver.deliveries.length === 2)
    const ids = receiver.deliveries.map(({ headers }) => headers['webhook-id'])
    expect(ids[0]).toBe(ids[1])
  })
})

async function fresh(): Promise<Engines> {
  const other = await mkdtemp(join(tmpdir(), 'dateline-jobs-'))
  const opened = await openEmbedded({ dir: other })
  closing.push(async () => {
    await opened.close()
    await rm(other, { recursive: true, force: true })
  })
  return opened
}

describe('engines in trouble', () => {
  it('a queue that is wiped while it runs gets its jobs back', async () => {
    const queues = [await fresh(), await fresh()]
    let at = 0
    const jobs: Engines['jobs'] = {
      ...engines.jobs,
      add: (...given) => (queues[at] ?? engines).jobs.add(...given),
      work: async (...given) => {
        const works = await Promise.all(queues.map((queue) => queue.jobs.work(...given)))
        return { stop: async (deadlineMs) => void (await Promise.all(works.map((work) => work.stop(deadlineMs)))) }
      },
    }
    receiver.answer = () => 500
    await start({ engines: { ...engines, jobs }, schedule: { ...quick, pausesMs: [600_000] } })
    await publish({ key: 'anp:1' }, { key: 'anp:2' })
    await until('both were tried', () => receiver.deliveries.length === 2)
    at = 1
    receiver.answer = () => 200
    await until('both are delivered', async () => (await results()).length === 2)
  })

  it('a log that takes no notes costs no second delivery while the process lives', async () => {
    let isAway = false
    const log: Engines['log'] = {
      ...engines.log,
      append: async (records) => {
        if (isAway) throw new TransientFault('log', 'away')
        return engines.log.append(records)
      },
    }
    await start({ engines: { ...engines, log } })
    isAway = true
    await publish({ key: 'anp:1' })
    await until('it came', () => receiver.deliveries.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    isAway = false
    await until('it is noted', async () => (await results()).length === 1)
    expect(receiver.deliveries).toHaveLength(1)
  })

  it('refuses to start with a secret that can sign nothing', async () => {
    const refusal = start({ config: one(`, secret: "whsec_${'%'.repeat(40)}"`) })
    await expect(refusal).rejects.toBeInstanceOf(EngineRefusal)
    await expect(refusal).rejects.toThrow('The secret of subscription desk can sign nothing')
  })

  it('two share the partitions: every story once', async () => {
    const other = await openEmbedded({ dir })
    closing.push(other.close)
    await start()
    await start({ engines: other })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await publish(...Array.from({ length: 60 }, (_unused, at) => ({ key: `anp:${at}` })))
    await until('all are noted', async () => (await results()).length === 60)
    expect(new Set(receiver.names()).size).toBe(60)
  })
})
