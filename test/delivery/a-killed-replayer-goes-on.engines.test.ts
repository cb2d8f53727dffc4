import type { Engines } from '@dateline/ports'
import { createReplayDesk, type Replay } from '@dateline/replay'
import { openFeeds } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { families, inEnglish, install } from '../support/families.ts'
import type { Death } from '../support/faulty-engines.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { eventually } from '../support/running.ts'
import { type ProgressWatch, watchProgress } from './watch-progress.ts'

const family = families.find(({ name }) => name === 'real')
const count = 400
/** Ten seconds until a death is seen, and what a busy machine adds. */
const takenOverMs = 20_000

let workers: Worker[] = []
let close: () => Promise<void> = async () => {}
afterEach(async () => {
  for (const worker of workers) worker.signal('SIGCONT')
  await stopWorkers(workers)
  await close()
  workers = []
}, 60_000)

const uris = Array.from({ length: count }, (_unused, index) => `https://sim.example/${index}`)

/** Half of them say no language, and are too short to tell it by: they have the one that the settings say. */
const message = (uri: string, index: number): Buffer =>
  ninjsMessage({ uri, body: '<p>Kort.</p>', extra: index % 2 === 0 ? { language: undefined } : {} })

interface Running {
  readonly engines: Engines
  readonly first: Worker
  readonly notes: ProgressWatch
  events(): Promise<number>
  startReplayer(): Promise<Worker>
  replay(): Promise<Replay | null>
}

/** A replay of published messages, of which half have changed, under way in a process that may have a death before it. */
async function runReplay(die?: Death): Promise<Running> {
  if (family === undefined) throw new Error('There are no real engines')
  const installation = await install(
    family,
    'suppliers: { sim: { language: nl } }\nfeeds: { sim: { supplier: sim } }\nreplay: { latencyLimit: 20s }\n',
  )
  const changed = await inEnglish(installation)
  const engines = await installation.open()
  close = async () => {
    await engines.close()
    await installation.remove()
  }
  const start = async (config: string, service: string, death?: Death): Promise<Worker> => {
    const given = { config, dataDir: installation.dataDir, services: [service] }
    const worker = startWorker(death === undefined ? given : { ...given, die: death })
    workers.push(worker)
    await worker.started
    return worker
  }
  for (const service of ['normalizer', 'publisher', 'archiver']) await start(installation.config, service)
  await engines.log.append(uris.map((uri, index) => ({ topic: 'wire.sim', key: uri, value: message(uri, index) })))
  const events = async (): Promise<number> => (await checkStories(engines.log)).events
  expect(await eventually(events, (found) => found >= count, 60_000)).toBe(count)

  const feeds = await openFeeds(installation.settings, engines.log)
  const desk = createReplayDesk({ engines, feeds, settings: installation.settings })
  const first = await start(changed, 'replayer', die)
  const asked = await desk.start({ feeds: ['sim'], preview: false, perSecond: 20 }, 'night-desk')
  if (asked.kind !== 'replay') throw new Error(asked.fault)
  const notes = watchProgress(engines.log, asked.replay.id)
  close = async () => {
    await notes.stop()
    await engines.close()
    await installation.remove()
  }
  return {
    engines,
    first,
    notes,
    events,
    startReplayer: () => start(changed, 'replayer'),
    async replay() {
      const now = await desk.get(asked.replay.id)
      return now.kind === 'replay' ? now.replay : null
    },
  }
}

async function provePublished({ engines, replay, events, notes }: Running): Promise<void> {
  const done = await eventually(replay, (now) => now?.state === 'done', 60_000)
  expect(done?.progress.publish?.feeds.sim).toMatchObject({
    messages: count,
    same: count / 2,
    changed: count / 2,
    sent: count / 2,
  })
  expect(await eventually(events, (found) => found >= count * 1.5)).toBe(count * 1.5)
  await notes.stop()
  expect(notes.mostBack()).toBeLessThanOrEqual(50)
  const report = await checkStories(engines.log)
  expect(report).toMatchObject({ repeats: 0, faults: [] })
  for (const [index, uri] of uris.entries()) expect(report.newest.get(`sim:${uri}`)?.seq).toBe(index % 2 === 0 ? 2 : 1)
}

/** Another one works on it: it has noted more than there was. */
const taken = async ({ notes }: Running, passed: number): Promise<number> =>
  eventually(
    async () => notes.passed(),
    (now) => now > passed,
    takenOverMs,
  )

describe.skipIf(family?.isAvailable !== true)('on the real engines', () => {
  it('a killed replayer goes on within seconds where it was: every message once, every change once', {
    timeout: 180_000,
  }, async () => {
    const running = await runReplay()
    const { first, notes, startReplayer } = running
    expect(await notes.until(50)).toBe(true)
    first.signal('SIGKILL')
    await first.ended
    const passed = notes.passed()
    expect(passed).toBeLessThan(count / 2)

    await startReplayer()
    expect(await taken(running, passed)).toBeGreaterThan(passed)
    await provePublished(running)
  })

  it('a replayer that stood still while another took over sets nothing back', { timeout: 180_000 }, async () => {
    const running = await runReplay({ at: 'after-append:stories.parsed', times: 5, signal: 'SIGSTOP' })
    const { first, notes, startReplayer } = running
    expect(await notes.until(50)).toBe(true)
    const passed = notes.passed()

    await startReplayer()
    expect(await taken(running, passed)).toBeGreaterThan(passed)
    expect(await notes.until(passed + 150)).toBe(true)
    first.signal('SIGCONT')
    const said = await eventually(
      async () => first.output(),
      (text) => text.includes('taken this replay over'),
    )
    expect(said).toContain('taken this replay over')
    await provePublished(running)
  })
})
