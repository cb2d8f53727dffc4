import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyArchive } from '@dateline/archive'
import { headerText, type LogRecord } from '@dateline/ports'
import { readPartition } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { families } from '../support/families.ts'
import { type Here, removeHere, runHere } from '../support/run-here.ts'
import { eventually } from '../support/running.ts'

vi.setConfig({ testTimeout: 60_000 })

let here: Here | null = null
let close = (): void => {}
afterEach(async () => {
  await here?.stop()
  if (here !== null) await removeHere(here)
  here = null
  close()
  close = () => {}
})

const config = (more = ''): string =>
  `suppliers: { sim: {} }\nfeeds: { sim-json: { supplier: sim } }\narchive: { flushAfter: 1s }\nreplay: { perSecond: 500, latencyLimit: 20s, lagLimit: 1000 }\n${more}`
const uriOf = (number: number): string => `urn:newsml:sim.example:20260120:${number}`
const keyOf = (number: number): string => `sim:${uriOf(number)}`
const message = (number: number, given: Parameters<typeof ninjsMessage>[0] = {}): Buffer =>
  ninjsMessage({ uri: uriOf(number), ...given })

async function eventsOf(running: Here, topic = 'stories'): Promise<readonly LogRecord[]> {
  const events: LogRecord[] = []
  for (const { partition } of await running.context.engines.log.offsets(topic))
    for await (const record of readPartition(running.context.engines.log, topic, partition)) events.push(record)
  return events
}
const settled = (running: Here, count: number, topic = 'stories') =>
  eventually(
    () => eventsOf(running, topic),
    (events) => events.length >= count,
  )
const line = (record: LogRecord): string =>
  `${record.key?.toString()} ${headerText(record, 'ce_storyseq')} ${headerText(record, 'ce_type')} ${headerText(record, 'ce_id')}`

async function redeliver(running: Here, spec: object): Promise<string> {
  const { status, body } = await running.ask('/v1/replays', { mode: 'redeliver', ...spec })
  expect([status, body]).toEqual([201, expect.anything()])
  const look = async () => (await running.ask(`/v1/replays/${String(body.id)}`)).body
  const done = await eventually(look, ({ state }) => state === 'done' || state === 'failed')
  expect([done.state, done.fault]).toEqual(['done', undefined])
  return String(body.id)
}

describe.each(families)('on $name engines', (family) => {
  it.skipIf(!family.isAvailable)(
    'goes to a topic of its own in order, with the same ids and sequences, and only the recall of what was recalled',
    async () => {
      const running = await runHere({ config: config(), family })
      here = running
      await running.send('sim-json', [message(1), message(2), message(2, { version: '2' }), message(3)])
      await settled(running, 4)
      const until = new Date(Date.now() + 1).toISOString()
      await new Promise((resolve) => setTimeout(resolve, 20))
      await running.send('sim-json', [
        message(3, { version: '2', pubStatus: 'canceled' }),
        message(1, { version: '2' }),
      ])
      const published = await settled(running, 6)
      const id = await redeliver(running, { feeds: ['sim-json'], until, to: { topic: 'cms' } })
      const again = await eventsOf(running, 'stories.replay.cms')
      const of = (records: readonly LogRecord[], number: number) =>
        records.filter(({ key }) => key?.toString() === keyOf(number)).map(line)
      expect(of(again, 1)).toEqual(of(published, 1).slice(0, 1))
      expect(of(again, 2)).toEqual(of(published, 2))
      expect(of(again, 3)).toEqual(of(published, 3).slice(1))
      expect(of(again, 3)[0]).toContain('dateline.story.killed')
      expect(again.every((record) => headerText(record, 'ce_replayid') === id)).toBe(true)
      expect((await eventsOf(running)).length).toBe(6)
    },
  )
})

it('comes from the archive where the log does not keep it any more: the newest version, with the sequence that it had', async () => {
  const day = 86_400_000
  const clock = { ms: Date.now() - 10 * day }
  const since = new Date(clock.ms - day).toISOString()
  const running = await runHere({ config: config(), clock })
  here = running
  const { log, archive } = running.context.engines
  await running.send('sim-json', [message(1), message(2), message(2, { version: '2' }), message(3)])
  await settled(running, 4)
  await running.send('sim-json', [message(3, { version: '2', pubStatus: 'canceled' })])
  const published = await settled(running, 5)
  const archived = async (): Promise<number> => (await verifyArchive(archive, { log })).messages
  expect(await eventually(archived, (count) => count >= 5)).toBe(5)
  clock.ms = Date.now()
  expect(
    (
      await eventually(
        () => eventsOf(running),
        ({ length }) => length === 0,
      )
    ).length,
  ).toBe(0)
  await running.send('sim-json', [message(4)])
  await settled(running, 1)
  // Its log time must be before the replay is asked for.
  clock.ms = Date.now()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await redeliver(running, { since, to: { topic: 'cms' } })
  const again = await eventsOf(running, 'stories.replay.cms')
  expect(again.length).toBe(4)
  const of = (records: readonly LogRecord[], number: number) =>
    records.filter(({ key }) => key?.toString() === keyOf(number)).map(line)
  for (const number of [1, 2, 3]) expect(of(again, number)).toEqual(of(published, number).slice(-1))
  const change = (number: number) =>
    again.filter(({ key }) => key?.toString() === keyOf(number)).map((record) => headerText(record, 'ce_change'))
  expect([1, 2, 3, 4].map(change)).toEqual([['reprocessed'], ['reprocessed'], ['reprocessed'], ['new']])
})

it('goes to one webhook under a new webhook-id', async () => {
  const ids: string[] = []
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']))
    request.resume().on('end', () => response.writeHead(200).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  close = () => void server.close()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const running = await runHere({
    config: config(`subscriptions: { cms: { deliver: webhook, url: "${url}", allowPrivate: true } }`),
  })
  here = running
  await running.send('sim-json', [message(1), message(2)])
  await eventually(
    async () => ids.length,
    (count) => count >= 2,
  )
  const id = await redeliver(running, { stories: [keyOf(1)], to: { subscription: 'cms' } })
  await eventually(
    async () => ids.length,
    (count) => count >= 3,
  )
  const [event] = (await eventsOf(running)).filter(({ key }) => key?.toString() === keyOf(1))
  expect(ids.slice(2)).toEqual([`${event === undefined ? '' : headerText(event, 'ce_id')}_${id}`])
})

it('is refused without somebody to go to, and for a subscription that is not there', async () => {
  here = await runHere({ config: config() })
  const nobody = await here.ask('/v1/replays', { mode: 'redeliver', feeds: ['sim-json'] })
  expect([nobody.status, nobody.body.detail]).toEqual([
    400,
    'Say who gets what is redelivered: a subscription, or the name of a topic.',
  ])
  const unknown = await here.ask('/v1/replays', {
    mode: 'redeliver',
    feeds: ['sim-json'],
    to: { subscription: 'cms' },
  })
  expect([unknown.status, unknown.body.detail]).toEqual([
    400,
    'There is no subscription cms. The subscriptions are: none.',
  ])
})
