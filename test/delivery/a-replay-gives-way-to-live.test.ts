import type { LogRecord } from '@dateline/ports'
import { readPartition } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterEach, expect, it } from 'vitest'
import { type Here, removeHere, runHere } from '../support/run-here.ts'
import { eventually } from '../support/running.ts'

const configOf = (language: string): string =>
  `suppliers: { sim: { language: ${language} } }\nfeeds: { sim-json: { supplier: sim } }\narchive: { flushAfter: 1s }\nreplay: { perSecond: 1000, lagLimit: 10, latencyLimit: 30s }\n`

let running: Here[] = []
afterEach(async () => {
  for (const here of running.toReversed()) await here.stop()
  for (const here of running.slice(0, 1)) await removeHere(here)
  running = []
})

async function run(options: Parameters<typeof runHere>[0]): Promise<Here> {
  const here = await runHere(options)
  running.push(here)
  return here
}

const message = (number: number): Buffer =>
  ninjsMessage({
    uri: `urn:newsml:sim.example:20260120:${number}`,
    body: '<p>De brug is weer open.</p>',
    extra: { language: undefined },
  })

async function eventsOf({ context }: Here): Promise<readonly LogRecord[]> {
  const events: LogRecord[] = []
  for (const { partition } of await context.engines.log.offsets('stories'))
    for await (const record of readPartition(context.engines.log, 'stories', partition)) events.push(record)
  return events
}

it('stands still while the publisher lags, says so, and goes on when it has caught up', {
  timeout: 60_000,
}, async () => {
  const first = await run({ config: configOf('nl') })
  const numbers = Array.from({ length: 30 }, (_unused, index) => index)
  await first.send('sim-json', numbers.map(message))
  await eventually(
    () => eventsOf(first),
    ({ length }) => length === 30,
  )
  await first.stop()
  running = []

  // Live goes on, but nobody publishes it.
  const here = await run({
    config: configOf('en'),
    dataDir: first.dataDir,
    services: ['gateway', 'normalizer', 'archiver', 'dispatcher', 'replayer'],
  })
  const asked = (await here.ask('/v1/replays', { feeds: ['sim-json'], preview: false })).body
  const look = async () => (await here.ask(`/v1/replays/${String(asked.id)}`)).body
  await eventually(look, ({ state }) => state === 'done')
  const parsed = await here.context.engines.log.offsets('stories.parsed', 'publisher')
  const most = Math.max(...parsed.map(({ high, committed }) => high - (committed ?? 0)))
  expect(most).toBeGreaterThan(0)

  const many = Array.from({ length: 400 }, (_unused, index) => message(1_000 + index))
  await here.send('sim-json', many)
  const lagOf = async () => {
    const bounds = await here.context.engines.log.offsets('stories.parsed', 'publisher')
    return Math.max(...bounds.map(({ high, committed }) => high - (committed ?? 0)))
  }
  expect(await eventually(lagOf, (lag) => lag >= 10)).toBeGreaterThanOrEqual(10)
  const second = (await here.ask('/v1/replays', { feeds: ['sim-json'], preview: false })).body
  const lookAgain = async () => (await here.ask(`/v1/replays/${String(second.id)}`)).body
  const held = await eventually(lookAgain, (replay) => replay.held !== null)
  expect(held).toMatchObject({ state: 'publishing', passed: 0 })
  expect(held.held).toMatch(/^the publisher lags by \d+ records \(limit 10\)$/)
  expect((await eventsOf(here)).length).toBe(30)

  await run({ config: configOf('en'), dataDir: first.dataDir, services: ['publisher'] })
  const done = await eventually(lookAgain, ({ state }) => state === 'done', 40_000)
  expect(done).toMatchObject({ state: 'done', held: null })
  // The first replay waited in stories.parsed. What the second one sent before that was published is a repeat: every revision came out once.
  await eventually(lagOf, (lag) => lag === 0)
  expect((await eventsOf(here)).length).toBe(460)
})
