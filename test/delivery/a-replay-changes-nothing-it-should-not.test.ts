import { writeFile } from 'node:fs/promises'
import { constants, getPriority } from 'node:os'
import { join } from 'node:path'
import { audit } from '@dateline/cli'
import { headerText, type LogRecord } from '@dateline/ports'
import type { ReplayCounts } from '@dateline/replay'
import { readPartition } from '@dateline/runtime'
import { ninjsMessage, pageCaptureMessage } from '@dateline/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { families } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { type Here, removeHere, runHere } from '../support/run-here.ts'
import { eventually } from '../support/running.ts'

vi.setConfig({ testTimeout: 60_000 })

const configOf = (language: string, more = ''): string =>
  `suppliers: { sim: { language: ${language} } }
feeds: { sim-json: { supplier: sim }, sim-site: { supplier: sim, format: page-capture } }
archive: { flushAfter: 1s }
replay: { perSecond: 2000, readPerSecond: 100000, latencyLimit: 20s, lagLimit: 1000 }
${more}`

let running: Here[] = []
let workers: Worker[] = []

afterEach(async () => {
  await stopWorkers(workers)
  for (const here of running) await here.stop()
  for (const here of running.slice(0, 1)) await removeHere(here)
  running = []
  workers = []
})

async function run(config: string, more: Partial<Parameters<typeof runHere>[0]> = {}): Promise<Here> {
  const here = await runHere({ config, ...more })
  running.push(here)
  return here
}

/** The same instance with other settings, as after a deployment. */
async function again(here: Here, config: string, more: Partial<Parameters<typeof runHere>[0]> = {}): Promise<Here> {
  await here.stop()
  running = running.filter((one) => one !== here)
  return run(config, { dataDir: here.dataDir, ...more })
}

const uriOf = (number: number): string => `urn:newsml:sim.example:20260120:${number}`
const keyOf = (number: number): string => `sim:${uriOf(number)}`

/** Short enough that its language is the one that the settings assume, unless it says one. */
const message = (number: number, given: Parameters<typeof ninjsMessage>[0] = {}): Buffer =>
  ninjsMessage({ uri: uriOf(number), body: '<p>De brug is weer open.</p>', ...given })
const silent = { extra: { language: undefined } }

async function settled(here: Here, events: number): Promise<void> {
  const count = async (): Promise<number> => (await eventsOf(here)).length
  expect(await eventually(count, (found) => found >= events)).toBe(events)
}

async function eventsOf(here: Here, topic = 'stories'): Promise<readonly LogRecord[]> {
  const events: LogRecord[] = []
  for (const { partition } of await here.context.engines.log.offsets(topic))
    for await (const record of readPartition(here.context.engines.log, topic, partition)) events.push(record)
  return events
}

interface Shown {
  readonly id: string
  readonly state: string
  readonly held: string | null
  readonly fault?: string
  readonly preview: {
    readonly feeds: Record<string, ReplayCounts>
    readonly examples: { storyKey: string; fields: { field: string; before: string; after: string }[] }[]
  } | null
  readonly publish: { readonly feeds: Record<string, ReplayCounts> } | null
}

async function start(here: Here, spec: object): Promise<Shown> {
  const { status, body } = await here.ask<Shown>('/v1/replays', spec)
  expect([status, body]).toEqual([201, expect.anything()])
  return body
}

async function until(here: Here, { id }: Shown, ...states: readonly string[]): Promise<Shown> {
  const look = async (): Promise<Shown> => (await here.ask<Shown>(`/v1/replays/${id}`)).body
  const shown = await eventually(look, ({ state }) => states.includes(state) || state === 'failed')
  expect([states.includes(shown.state), shown.state, shown.fault]).toEqual([true, shown.state, undefined])
  return shown
}

const confirm = (here: Here, { id }: Shown) => here.ask(`/v1/replays/${id}/confirm`, {})

it('publishes nothing when the code is the same', async () => {
  const here = await run(configOf('nl'))
  await here.send('sim-json', [message(1), message(2), message(2, { version: '2' }), message(3, silent)])
  await settled(here, 4)
  const shown = await until(here, await start(here, { feeds: ['sim-json'] }), 'done')
  expect(shown.preview?.feeds['sim-json']).toMatchObject({ messages: 4, stories: 4, same: 3, older: 1, changed: 0 })
  expect(shown.publish).toBeNull()
  expect((await eventsOf(here)).length).toBe(4)
})

describe.each(families)('on $name engines', (family) => {
  it.skipIf(!family.isAvailable)(
    'publishes exactly what a changed enrichment changes, each once, and nothing the second time',
    async () => {
      const first = await run(configOf('nl'), { family })
      await first.send(
        'sim-json',
        [1, 2, 3, 4, 5, 6].map((number) => message(number, number % 2 === 0 ? silent : {})),
      )
      await settled(first, 6)
      const here = await again(first, configOf('en'), { family })
      const asked = await until(here, await start(here, { name: 'language', feeds: ['sim-json'] }), 'ready')
      expect(asked.preview?.feeds['sim-json']).toMatchObject({ messages: 6, same: 3, changed: 3, accepted: 0 })
      expect(asked.preview?.examples.map(({ storyKey }) => storyKey).sort()).toEqual([2, 4, 6].map(keyOf))
      expect(asked.preview?.examples[0]?.fields).toContainEqual({ field: 'language', before: '"nl"', after: '"en"' })
      expect((await eventsOf(here)).length).toBe(6)
      await confirm(here, asked)
      const done = await until(here, asked, 'done')
      expect(done.publish?.feeds['sim-json']).toMatchObject({ changed: 3, sent: 3 })
      await settled(here, 9)
      const revised = (await eventsOf(here)).filter((record) => headerText(record, 'ce_change') === 'reprocessed')
      expect(revised.map((record) => record.key?.toString()).sort()).toEqual([2, 4, 6].map(keyOf))
      for (const record of revised) {
        expect(headerText(record, 'ce_lane')).toBe('replay')
        expect(headerText(record, 'ce_replayid')).toBe(asked.id)
        expect(headerText(record, 'ce_revision')).toBe('1')
        expect(headerText(record, 'ce_storyversion')).toBe('1')
      }
      const twice = await until(here, await start(here, { feeds: ['sim-json'] }), 'done')
      expect(twice.preview?.feeds['sim-json']).toMatchObject({ same: 6, changed: 0 })
      expect((await checkStories(here.context.engines.log)).faults).toEqual([])
      expect(await audit(here.context.engines.log)).toMatchObject({ addsUp: true, outcomes: { published: 6 } })
    },
  )
})

it('brings back none of the old versions of what was killed, put under embargo or corrected since', async () => {
  const first = await run(configOf('nl'))
  await first.send('sim-json', [message(1, silent), message(2, silent), message(3, silent)])
  await settled(first, 3)
  await first.send('sim-json', [
    message(1, { version: '2', pubStatus: 'canceled' }),
    message(2, { version: '2', embargoed: '2099-01-01T00:00:00Z', ...silent }),
    message(3, { version: '2', headline: 'Verbeterd', ...silent }),
  ])
  await settled(first, 5)
  const here = await again(first, configOf('en'))
  const asked = await until(here, await start(here, { feeds: ['sim-json'] }), 'ready')
  await confirm(here, asked)
  await until(here, asked, 'done')
  await settled(here, 6)
  const last = (await eventsOf(here)).filter((record) => headerText(record, 'ce_replayid') === asked.id)
  expect(last.map((record) => [record.key?.toString(), headerText(record, 'ce_storyversion')])).toEqual([
    [keyOf(3), '2'],
  ])
  const held = await eventsOf(here, 'stories.embargoed')
  expect(held.filter(({ value }) => value !== null).length).toBe(2)
})

it('refuses an unknown feed, and a range in which there is nothing, each in one sentence', async () => {
  const here = await run(configOf('nl'))
  await here.send('sim-json', [message(1)])
  await settled(here, 1)
  const unknown = await here.ask('/v1/replays', { feeds: ['sim-jsno'] })
  expect([unknown.status, unknown.body.detail]).toEqual([
    400,
    'There is no feed sim-jsno. The feeds are: sim-json, sim-site.',
  ])
  const empty = await here.ask('/v1/replays', { feeds: ['sim-json'], until: '2020-01-01T00:00:00Z' })
  expect(empty.status).toBe(400)
  expect(empty.body.detail).toMatch(/^No message was received from sim-json until 2020-01-01T00:00:00Z: [^.]*\.$/)
})

it('replays every message once when the replayer is killed in the middle', { timeout: 90_000 }, async () => {
  const count = 200
  const first = await run(configOf('nl'))
  const numbers = Array.from({ length: count }, (_unused, index) => index + 1)
  await first.send(
    'sim-json',
    numbers.map((number) => message(number, number % 2 === 0 ? silent : {})),
  )
  await settled(first, count)
  const config = configOf('en', 'stopWithin: 3s')
  const here = await again(first, config, {
    services: ['gateway', 'publisher', 'normalizer', 'archiver', 'dispatcher'],
  })
  const file = join(here.dataDir, 'dateline.yaml')
  await writeFile(file, config)
  const replayer = async (): Promise<Worker> => {
    const worker = startWorker({ config: file, dataDir: here.dataDir, services: ['replayer'] })
    workers.push(worker)
    await worker.started
    expect(getPriority(worker.pid), 'live goes first').toBe(constants.priority.PRIORITY_LOW)
    return worker
  }
  const worker = await replayer()
  const asked = await start(here, { feeds: ['sim-json'], preview: false, perSecond: 40 })
  await eventually(
    async () => (await eventsOf(here)).length,
    (found) => found > count + 15,
  )
  worker.signal('SIGKILL')
  await worker.ended
  const partial = (await eventsOf(here)).length
  expect(partial).toBeLessThan(count + count / 2)
  await replayer()
  const done = await until(here, asked, 'done')
  expect(done.publish?.feeds['sim-json']).toMatchObject({
    messages: count,
    same: count / 2,
    changed: count / 2,
    sent: count / 2,
  })
  await settled(here, count + count / 2)
  const report = await checkStories(here.context.engines.log)
  expect(report).toMatchObject({ faults: [], repeats: 0 })
  for (const number of numbers) expect(report.newest.get(keyOf(number))?.seq).toBe(number % 2 === 0 ? 2 : 1)
})

it('stands still when it is paused, and goes on from there', async () => {
  const first = await run(configOf('nl'))
  const numbers = Array.from({ length: 120 }, (_unused, index) => index + 1)
  await first.send(
    'sim-json',
    numbers.map((number) => message(number, silent)),
  )
  await settled(first, 120)
  const here = await again(first, configOf('en'))
  const asked = await start(here, { feeds: ['sim-json'], preview: false, perSecond: 60 })
  await eventually(
    async () => (await eventsOf(here)).length,
    (found) => found > 125,
  )
  await here.ask(`/v1/replays/${asked.id}/pause`, {})
  await until(here, asked, 'paused')
  await new Promise((resolve) => setTimeout(resolve, 700))
  const paused = (await eventsOf(here)).length
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect((await eventsOf(here)).length).toBe(paused)
  await here.ask(`/v1/replays/${asked.id}/resume`, {})
  const done = await until(here, asked, 'done')
  expect(done.publish?.feeds['sim-json']).toMatchObject({ messages: 120, changed: 120, sent: 120 })
  await settled(here, 240)
  const { body } = await here.ask(`/v1/replays/${asked.id}`)
  expect((body.history as { action: string; by: string }[]).map(({ action, by }) => `${action} ${by}`)).toEqual([
    'start operator',
    'pause operator',
    'resume operator',
  ])
})

it('revises a story without an id under the key that its receipt says, and repeats of it change nothing', async () => {
  const page = (text: string): Buffer =>
    pageCaptureMessage({ headline: text, lead: [`LONDEN (ANP) - ${text}`], briefs: [] })
  const first = await run(configOf('nl'))
  await first.send('sim-site', [page('De brug is open.'), page('De brug is open.'), page('Het station is dicht.')])
  await settled(first, 2)
  const before = await eventsOf(first)
  const here = await again(first, configOf('en'))
  const asked = await until(here, await start(here, { feeds: ['sim-site'] }), 'ready')
  expect(asked.preview?.feeds['sim-site']).toMatchObject({ stories: 3, changed: 2, older: 1, accepted: 0, unknown: 0 })
  await confirm(here, asked)
  await until(here, asked, 'done')
  await settled(here, 4)
  const last = (await eventsOf(here)).filter((record) => headerText(record, 'ce_change') === 'reprocessed')
  const names = (records: readonly LogRecord[]): string[] =>
    records
      .map((record) => `${record.partition} ${record.key?.toString()} v${headerText(record, 'ce_storyversion')}`)
      .sort()
  expect(names(last)).toEqual(names(before))
  expect(last.map((record) => headerText(record, 'ce_storyseq'))).toEqual(['2', '2'])
  const twice = await until(here, await start(here, { feeds: ['sim-site'] }), 'done')
  expect(twice.preview?.feeds['sim-site']).toMatchObject({ same: 2, older: 1, changed: 0 })
})

it('takes single stories, messages by receipt, and what was rejected', async () => {
  const rejecting = configOf('nl').replace(
    'sim-json: { supplier: sim }',
    'sim-json: { supplier: sim, format: newsml-g2 }',
  )
  const first = await run(rejecting)
  await first.send('sim-json', [message(7), message(8)])
  const isOpen = async (): Promise<unknown> => (await first.ask('/v1/rejected')).body.groups
  await eventually(isOpen, (groups) => (groups as { open: number }[])[0]?.open === 2)
  const mended = await again(first, configOf('nl'))
  await mended.send('sim-json', [message(1, silent), message(2, silent)])
  await settled(mended, 2)
  const retried = await until(mended, await start(mended, { feeds: ['sim-json'], rejected: {} }), 'ready')
  expect(retried.preview?.feeds['sim-json']).toMatchObject({ messages: 2, accepted: 2, sent: 0 })
  await confirm(mended, retried)
  expect((await until(mended, retried, 'done')).publish?.feeds['sim-json']).toMatchObject({ accepted: 2, sent: 2 })
  await settled(mended, 4)
  const none = await mended.ask('/v1/replays', { rejected: {} })
  expect([none.status, none.body.detail]).toEqual([400, 'No rejected message of any feed is open.'])

  const here = await again(mended, configOf('en'))
  const asked = await until(here, await start(here, { stories: [keyOf(1)] }), 'ready')
  expect(asked.preview?.feeds['sim-json']).toMatchObject({ messages: 1, changed: 1 })
  const [event] = (await eventsOf(here)).filter(({ key }) => key?.toString() === keyOf(2))
  const position = (event === undefined ? '' : (headerText(event, 'ce_position') ?? '')).replace(/#\d+$/, '')
  const receipt = `rcp_${Buffer.from(position).toString('base64url')}`
  const direct = await until(here, await start(here, { receipts: [receipt], preview: false }), 'done')
  expect(direct.publish?.feeds['sim-json']).toMatchObject({ messages: 1, changed: 1, sent: 1 })
  const unknown = await here.ask('/v1/replays', { stories: ['sim:none'] })
  expect(unknown.body.detail).toBe('There is no story sim:none: a story key is <supplier>:<id>.')
  await here.ask(`/v1/replays/${asked.id}/cancel`, {})
  await until(here, asked, 'cancelled')
  expect((await confirm(here, asked)).status).toBe(409)
  await settled(here, 5)
})
