import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Item, Release } from '@dateline/contracts'
import { openEmbedded } from '@dateline/embedded'
import { type Engines, type LogRecord, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics, readPartition, type Service } from '@dateline/runtime'
import { decodeParsedRecord, encodeParsedRecord } from '@dateline/story'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { releases } from './releases.ts'
import { contextOf } from './testing/dispatcher-bench.ts'

const hash = 'a'.repeat(64)
let dir = ''
let engines: Engines
let services: Service[] = []
let closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-releases-'))
  engines = await openEmbedded({ dir })
  await applyTopics(engines.log, [])
})
afterEach(async () => {
  for (const service of services) await service.stop(1_000)
  for (const close of closing) await close()
  services = []
  closing = []
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

async function start(with_: Partial<Engines> = {}, reconcileEveryMs = 100): Promise<Service> {
  const service = releases(await contextOf({ ...engines, ...with_ }, ''), { reconcileEveryMs })
  await service.start()
  services.push(service)
  return service
}

const item = (storyKey: string, embargo: string): Item => ({
  kind: 'item',
  supplier: 'anp',
  feed: 'anp-newsml',
  storyKey,
  position: 'wire.anp-newsml@log_1/0/0#0',
  receivedAt: '2026-01-20T10:00:00.000Z',
  wireSha256: hash,
  attempt: '0',
  lane: 'live',
  format: 'ninjs',
  pubStatus: 'usable',
  embargo,
  sourceHash: hash,
  outputHash: hash,
})
const keyOf = (storyKey: string): string => `${storyKey}\nevt_${storyKey.replace(':', '')}`

/** As the publisher writes it, in a partition that is not the key's own. */
async function hold(storyKey: string, embargo: number | 'indefinite', partition = 7): Promise<number> {
  const until_ = typeof embargo === 'number' ? new Date(embargo).toISOString() : embargo
  const value = encodeParsedRecord(item(storyKey, until_), `{"uri":"urn:x:${storyKey}"}`)
  await engines.log.append([{ topic: 'stories.embargoed', partition, key: keyOf(storyKey), value }])
  return typeof embargo === 'number' ? embargo : Number.NaN
}
const free = (storyKey: string, partition = 7): Promise<unknown> =>
  engines.log.append([{ topic: 'stories.embargoed', partition, key: keyOf(storyKey), value: null }])

interface Asked {
  readonly record: LogRecord
  readonly command: Release
  readonly document: string
}
async function asked(storyKey?: string): Promise<Asked[]> {
  const found: Asked[] = []
  for (let partition = 0; partition < 12; partition += 1)
    for await (const record of readPartition(engines.log, 'stories.parsed', partition)) {
      const decoded = decodeParsedRecord(record.value ?? Buffer.alloc(0))
      if (decoded?.line.kind === 'release' && (storyKey === undefined || decoded.line.storyKey === storyKey))
        found.push({ record, command: decoded.line, document: decoded.document })
    }
  return found
}

describe('a held story', () => {
  it('is asked for when its embargo is due, in its own partition, with the held document', async () => {
    await start()
    const dueMs = await hold('anp:1', Date.now() + 700)
    await until('it is asked for', async () => (await asked()).length > 0)
    const [{ record, command, document } = (await asked())[0] as Asked] = await asked()
    expect(record.timeMs).toBeGreaterThanOrEqual(dueMs)
    expect(record.timeMs).toBeLessThan(dueMs + 3_000)
    expect(record.partition).toBe(7)
    expect(command).toEqual({
      kind: 'release',
      storyKey: 'anp:1',
      eventId: 'evt_anp1',
      item: item('anp:1', new Date(dueMs).toISOString()),
    })
    expect(document).toBe('{"uri":"urn:x:anp:1"}')
  })

  it('is asked for again until its null is seen, then no more', async () => {
    await start()
    await hold('anp:1', Date.now() + 100)
    await until('it is asked for twice', async () => (await asked()).length === 2)
    await free('anp:1')
    await new Promise((resolve) => setTimeout(resolve, 200))
    const count = (await asked()).length
    await until('the job is done', async () => {
      const { waiting, delayed, running } = await engines.jobs.counts('releases')
      return waiting + delayed + running === 0
    })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect((await asked()).length).toBe(count)
  })

  it('is never asked for early, nor when its embargo has no end, nor when it was freed before', async () => {
    await start()
    await hold('anp:far', Date.now() + 3_600_000)
    await hold('anp:indefinite', 'indefinite')
    await hold('anp:freed', Date.now() + 600)
    await free('anp:freed')
    const dueMs = await hold('anp:1', Date.now() + 800)
    await until('the one that is due is asked for', async () => (await asked('anp:1')).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const all = await asked()
    expect(all.every(({ command }) => command.storyKey === 'anp:1')).toBe(true)
    expect(all.every(({ record }) => record.timeMs >= dueMs)).toBe(true)
  })

  it('without a supplier id is asked for under the key that the publisher gave it', async () => {
    await start()
    const { storyKey: _none, ...line } = item('x', new Date(Date.now() + 100).toISOString())
    await engines.log.append([
      { topic: 'stories.embargoed', partition: 2, key: 'anp:c_1\nevt_9', value: encodeParsedRecord(line, '{}') },
    ])
    await until('it is asked for', async () => (await asked('anp:c_1')).length > 0)
    expect((await asked('anp:c_1'))[0]?.command.eventId).toBe('evt_9')
  })
})

describe('after a restart', () => {
  it('what became due while it was down is asked for', async () => {
    const first = await start()
    await hold('anp:1', Date.now() + 600)
    await until('its job is set', async () => (await engines.jobs.counts('releases')).delayed === 1)
    await first.stop(1_000)
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await asked()).toEqual([])
    await start()
    await until('it is asked for', async () => (await asked()).length > 0)
  })

  it('a job that runs at once does not take what was not read yet for freed', async () => {
    const dueMs = Date.now() + 6_000
    await Promise.all(Array.from({ length: 120 }, (_unused, at) => hold(`anp:${at}`, dueMs, at % 12)))
    const first = await start()
    await until('all jobs are set', async () => (await engines.jobs.counts('releases')).delayed === 120)
    await first.stop(1_000)
    expect(await asked()).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - Date.now())))
    // News of what is held comes slowly: the jobs are there long before it.
    const log: Engines['log'] = {
      ...engines.log,
      consume: (options) =>
        engines.log.consume({
          ...options,
          handle: async (batch) => {
            await new Promise((resolve) => setTimeout(resolve, 500))
            return options.handle(batch)
          },
        }),
    }
    await start({ log }, 600_000)
    await until(
      'all are asked for',
      async () => new Set((await asked()).map(({ command }) => command.storyKey)).size === 120,
    )
  })

  it('jobs that were wiped are set again', async () => {
    const other = await mkdtemp(join(tmpdir(), 'dateline-jobs-'))
    const fresh = await openEmbedded({ dir: other })
    closing.push(async () => {
      await fresh.close()
      await rm(other, { recursive: true, force: true })
    })
    const first = await start()
    const dueMs = await hold('anp:1', Date.now() + 1_000)
    await until('its job is set', async () => (await engines.jobs.counts('releases')).delayed === 1)
    await first.stop(1_000)
    await start({ jobs: fresh.jobs })
    await until('it is asked for', async () => (await asked()).length > 0)
    expect((await asked())[0]?.record.timeMs).toBeGreaterThanOrEqual(dueMs)
  })
})

it('asks once the log is back', async () => {
  let isAway = true
  const log: Engines['log'] = {
    ...engines.log,
    append: async (records) => {
      if (isAway) throw new TransientFault('log', 'away')
      return engines.log.append(records)
    },
  }
  await start({ log })
  await hold('anp:1', Date.now() + 100)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await asked()).toEqual([])
  isAway = false
  await until('it is asked for', async () => (await asked()).length > 0)
})
