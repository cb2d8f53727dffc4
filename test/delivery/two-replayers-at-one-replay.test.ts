import { createServices } from '@dateline/cli'
import type { EventLog, JobQueue } from '@dateline/ports'
import { createReplayDesk, replayJob, replayQueue } from '@dateline/replay'
import type { Service, ServiceContext } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterEach, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { type Here, removeHere, runHere } from '../support/run-here.ts'
import { eventually } from '../support/running.ts'
import { watchProgress } from './watch-progress.ts'

const count = 600
/** Messages that a replay takes at once: more than that nothing may be set back. */
const batch = 50

const configOf = (language: string): string =>
  `suppliers: { sim: { language: ${language} } }
feeds: { sim: { supplier: sim } }
replay: { latencyLimit: 20s, lagLimit: 5000 }
`

let here: Here | null = null
let replayers: Service[] = []
afterEach(async () => {
  for (const replayer of replayers) await replayer.stop(5_000)
  await here?.stop()
  if (here !== null) await removeHere(here)
  replayers = []
})

it('a replayer that is taken for dead, and is not, sets nothing back', { timeout: 90_000 }, async () => {
  const before = await runHere({ config: configOf('nl'), services: ['normalizer', 'publisher'] })
  here = before
  const uris = Array.from({ length: count }, (_unused, index) => `https://sim.example/${index}`)
  // Without a language, and too short to tell it by: they have the one that the settings say.
  const changing = { body: '<p>Kort.</p>', extra: { language: undefined } }
  await before.send(
    'sim',
    uris.map((uri) => ninjsMessage({ uri, ...changing })),
  )
  const events = async ({ context }: Here): Promise<number> => (await checkStories(context.engines.log)).events
  expect(
    await eventually(
      () => events(before),
      (found) => found >= count,
    ),
  ).toBe(count)
  await before.stop()
  const after = await runHere({
    config: configOf('en'),
    services: ['normalizer', 'publisher'],
    dataDir: before.dataDir,
  })
  here = after
  const { context } = after
  const { engines } = context

  const gate = Promise.withResolvers<void>()
  const asleep = Promise.withResolvers<void>()
  const sleeper = sleepingAt(engines.log, { gate: gate.promise, asleep })
  await work({ ...context, engines: { ...engines, log: sleeper.log, jobs: losing(engines.jobs) } })
  const desk = createReplayDesk(context)
  const asked = await desk.start({ feeds: ['sim'], from: 'log', preview: false, perSecond: 100 }, 'night-desk')
  if (asked.kind !== 'replay') throw new Error(asked.fault)
  const { id } = asked.replay
  const notes = watchProgress(engines.log, id)
  await asleep.promise
  const noted = notes.passed()

  // As the queue does when the lock of a job has run out.
  await engines.jobs.add(replayQueue, { ...replayJob(id, 'publish'), id: 'again' })
  await work(context)
  expect(await notes.until(noted + 4 * batch)).toBe(true)
  gate.resolve()

  const look = async () => {
    const now = await desk.get(id)
    return now.kind === 'replay' ? now.replay : null
  }
  const done = await eventually(look, (replay) => replay?.state === 'done')
  expect(done?.progress.publish).toMatchObject({ passed: count, feeds: { sim: { messages: count, changed: count } } })
  expect(done?.progress.publish?.feeds.sim?.sent).toBe(count)
  await eventually(
    () => events(after),
    (found) => found >= 2 * count,
  )
  await notes.stop()
  expect(sleeper.appends(), 'it has sent the rest of its batch, and left').toBeLessThanOrEqual(sleepsBehind + 5)
  expect(notes.mostBack()).toBeLessThanOrEqual(batch)
  const report = await checkStories(engines.log)
  expect(report).toMatchObject({ events: 2 * count, repeats: 0, faults: [] })
  for (const uri of uris) expect(report.newest.get(`sim:${uri}`)?.seq).toBe(2)
})

async function work(context: ServiceContext): Promise<void> {
  const services = createServices(['replayer'], context, { host: '127.0.0.1', port: 0, dataDir: '' })
  for (const service of services) await service.start()
  replayers.push(...services)
}

/** Its job is another's by then: what it says of it counts for nothing. */
const losing = (jobs: JobQueue): JobQueue => ({
  ...jobs,
  work: (queue, handler, options) => jobs.work(queue, (job) => handler(job).then(() => ({ kind: 'done' })), options),
})

/** Of ten items each: five are a batch. */
const sleepsBehind = 12

/** Stands still behind one of its appends to the publisher. */
function sleepingAt(
  log: EventLog,
  { gate, asleep }: { readonly gate: Promise<void>; readonly asleep: { resolve(): void } },
): { readonly log: EventLog; appends(): number } {
  let appends = 0
  const append: EventLog['append'] = async (records) => {
    const outcomes = await log.append(records)
    if (records[0]?.topic !== 'stories.parsed') return outcomes
    appends += 1
    if (appends !== sleepsBehind) return outcomes
    asleep.resolve()
    await gate
    return outcomes
  }
  return { log: { ...log, append }, appends: () => appends }
}
