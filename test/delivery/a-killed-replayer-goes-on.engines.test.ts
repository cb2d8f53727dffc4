import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createReplayDesk } from '@dateline/replay'
import { openFeeds } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { families, install } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { eventually } from '../support/running.ts'

const family = families.find(({ name }) => name === 'real')
const count = 200

let workers: Worker[] = []
let close: () => Promise<void> = async () => {}
afterEach(async () => {
  await stopWorkers(workers)
  await close()
  workers = []
})

/** Half of them say no language, and are too short to tell it by: they have the one that the settings say. */
const message = (uri: string, index: number): Buffer =>
  ninjsMessage({ uri, body: '<p>Kort.</p>', extra: index % 2 === 0 ? { language: undefined } : {} })

describe.skipIf(family?.isAvailable !== true)('on the real engines', () => {
  it('a killed replayer goes on where it was: every message once, every change once', {
    timeout: 240_000,
  }, async () => {
    if (family === undefined) return
    const installation = await install(
      family,
      'suppliers: { sim: { language: nl } }\nfeeds: { sim: { supplier: sim } }\nreplay: { latencyLimit: 20s }\n',
    )
    const changed = join(installation.dataDir, 'changed.yaml')
    await writeFile(changed, (await readFile(installation.config, 'utf8')).replace('language: nl', 'language: en'))
    const engines = await installation.open()
    close = async () => {
      await engines.close()
      await installation.remove()
    }
    const start = async (config: string, service: string): Promise<Worker> => {
      const worker = startWorker({ config, dataDir: installation.dataDir, services: [service] })
      workers.push(worker)
      await worker.started
      return worker
    }
    for (const service of ['normalizer', 'publisher', 'archiver']) await start(installation.config, service)
    const uris = Array.from({ length: count }, (_unused, index) => `https://sim.example/${index}`)
    await engines.log.append(uris.map((uri, index) => ({ topic: 'wire.sim', key: uri, value: message(uri, index) })))
    const events = async (): Promise<number> => (await checkStories(engines.log)).events
    expect(await eventually(events, (found) => found >= count, 60_000)).toBe(count)

    const feeds = await openFeeds(installation.settings, engines.log)
    const desk = createReplayDesk({ engines, feeds, settings: installation.settings })
    const first = await start(changed, 'replayer')
    const asked = await desk.start({ feeds: ['sim'], preview: false, perSecond: 40 }, 'night-desk')
    if (asked.kind !== 'replay') throw new Error(asked.fault)
    await eventually(events, (found) => found >= count + 20, 60_000)
    first.signal('SIGKILL')
    await first.ended
    expect(await events()).toBeLessThan(count + count / 2)

    // Its job is another worker's once its lock has run out, which takes up to a minute.
    await start(changed, 'replayer')
    const look = async () => {
      const now = await desk.get(asked.replay.id)
      return now.kind === 'replay' ? now.replay : null
    }
    const done = await eventually(look, (replay) => replay?.state === 'done', 150_000)
    expect(done?.progress.publish?.feeds.sim).toMatchObject({
      messages: count,
      same: count / 2,
      changed: count / 2,
      sent: count / 2,
    })
    expect(await eventually(events, (found) => found >= count * 1.5)).toBe(count * 1.5)
    const report = await checkStories(engines.log)
    expect(report).toMatchObject({ repeats: 0, faults: [] })
    for (const [index, uri] of uris.entries())
      expect(report.newest.get(`sim:${uri}`)?.seq).toBe(index % 2 === 0 ? 2 : 1)
  })
})
