import { readPartition } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { type Family, families } from '../support/families.ts'
import { type Here, removeHere, runHere } from '../support/run-here.ts'
import { eventually } from '../support/running.ts'
import { settledAudit } from '../support/settled.ts'

vi.setConfig({ testTimeout: 60_000 })

/** A feed that is read as another format rejects all of it, until its settings are mended. */
const configOf = (format: string, more = ''): string =>
  `suppliers: { sim: {} }\nfeeds: { sim-json: { supplier: sim, format: ${format} } }\n${more}`

let here: Here | null = null
afterEach(async () => {
  await here?.stop()
  if (here !== null) await removeHere(here)
  here = null
})

async function rejecting(messages: readonly Uint8Array[], more = '', family?: Family): Promise<Here> {
  const running = await runHere({ config: configOf('newsml-g2', more), ...(family && { family }) })
  here = running
  await running.send('sim-json', messages)
  await eventually(
    () => open(running),
    (count) => count >= messages.length,
  )
  expect(await open(running)).toBe(messages.length)
  return running
}

/** The same instance with the settings mended. */
async function mended(running: Here, more = '', family?: Family): Promise<Here> {
  await running.stop()
  here = await runHere({ config: configOf('ninjs', more), dataDir: running.dataDir, ...(family && { family }) })
  return here
}

async function groups(running: Here) {
  const { body } = await running.ask('/v1/rejected')
  return body.groups as {
    feed: string
    reason: string
    open: number
    resting: number
    retried: number
    dropped: number
  }[]
}
const open = async (running: Here): Promise<number> =>
  (await groups(running)).reduce((sum, group) => sum + group.open, 0)

const retry = async (running: Here, body: object) => {
  const answer = await running.ask('/v1/rejected/retry', body)
  expect(answer.status).toBe(200)
  return answer.body as { results: { result: string; tries: number }[]; resting: number; left: number }
}

const uriOf = (number: number): string => `urn:newsml:sim.example:20260120:${number}`
const messages = (count: number): Buffer[] =>
  Array.from({ length: count }, (_unused, index) => ninjsMessage({ uri: uriOf(index), body: '<p>Weer open.</p>' }))

describe.each(families)('on $name engines', (family) => {
  it.skipIf(!family.isAvailable)(
    'publishes a thousand that are retried twice each once',
    { timeout: 60_000 },
    async () => {
      const running = await mended(await rejecting(messages(1_000), '', family), '', family)
      const looked = await retry(running, { feed: 'sim-json', dryRun: true })
      expect(looked.results.filter(({ result }) => result === 'accepted').length).toBe(1_000)
      expect(await open(running)).toBe(1_000)
      const first = await retry(running, { feed: 'sim-json' })
      expect(first.results.filter(({ result }) => result === 'accepted').length).toBe(1_000)
      const second = await retry(running, { feed: 'sim-json' })
      expect(second).toMatchObject({ results: [], left: 0 })
      const look = () => checkStories(running.context.engines.log)
      const report = await eventually(look, ({ events }) => events >= 1_000)
      expect(report).toMatchObject({ events: 1_000, repeats: 0, faults: [] })
      expect(await groups(running)).toMatchObject([{ feed: 'sim-json', open: 0, retried: 1_000 }])
      // The first outcome is final: what was rejected stays rejected in the account of that hour.
      const account = await settledAudit(running.context.engines.log)
      expect(account).toMatchObject({ addsUp: true, outcomes: { rejected: 1_000, published: 0 } })
    },
  )
})

it('publishes once what two operators retry at the same time, by what no one has noted yet', async () => {
  const running = await mended(await rejecting(messages(50)))
  const other = await runHere({ config: configOf('ninjs'), dataDir: running.dataDir, services: ['gateway'] })
  try {
    await Promise.all([retry(running, { feed: 'sim-json' }), retry(other, { feed: 'sim-json' })])
  } finally {
    await other.stop()
  }
  const look = () => checkStories(running.context.engines.log)
  await eventually(look, ({ events }) => events >= 50)
  await eventually(
    () => outcomes(running),
    (found) => found.length >= 50,
  )
  expect(await look()).toMatchObject({ events: 50, repeats: 0, faults: [] })
})

async function outcomes(running: Here): Promise<readonly string[]> {
  const found: string[] = []
  for (const { partition } of await running.context.engines.log.offsets('wire.receipts'))
    for await (const { value } of readPartition(running.context.engines.log, 'wire.receipts', partition)) {
      const batch = JSON.parse(value?.toString('utf8') ?? '{}') as { outcomes?: { attempt: string; outcome: string }[] }
      for (const { attempt, outcome } of batch.outcomes ?? []) if (attempt !== '0') found.push(outcome)
    }
  return found
}

it('counts what fails again, and lets it rest after a few tries, also after a restart', async () => {
  const running = await rejecting(messages(3), 'rejected: { mostTries: 2 }')
  expect((await retry(running, { feed: 'sim-json' })).results).toMatchObject([
    { result: 'failed', tries: 1 },
    { result: 'failed', tries: 1 },
    { result: 'failed', tries: 1 },
  ])
  await running.stop()
  const later = await runHere({ config: configOf('newsml-g2', 'rejected: { mostTries: 2 }'), dataDir: running.dataDir })
  here = later
  expect((await retry(later, { feed: 'sim-json' })).results.every(({ tries }) => tries === 2)).toBe(true)
  expect(await retry(later, { feed: 'sim-json' })).toMatchObject({ results: [], resting: 3 })
  expect(await groups(later)).toMatchObject([{ open: 0, resting: 3 }])
  const mending = await mended(later, 'rejected: { mostTries: 2 }')
  expect((await retry(mending, { feed: 'sim-json', resting: true })).results.length).toBe(3)
})

it('shows and retries each bad item of one message, whose bytes are kept once', async () => {
  here = await runHere({ config: configOf('ninjs') })
  const bad = '{"pubstatus":"canceled"}'
  await here.send('sim-json', [Buffer.from(`[${bad},{"uri":"${uriOf(1)}","headline":"Brug open"},${bad}]`)])
  const running = here
  await eventually(
    () => open(running),
    (count) => count === 2,
  )
  const { body } = await running.ask('/v1/rejected/messages')
  for (const { id } of body.messages as { id: string }[])
    expect((await running.ask(`/v1/rejected/messages/${id}`)).body.head).toContain('Brug open')
  expect((await retry(running, { feed: 'sim-json' })).results).toMatchObject([
    { result: 'failed', tries: 1 },
    { result: 'failed', tries: 1 },
  ])
})

it('keeps who dropped what and why, and drops nothing of another feed or in a dry run', async () => {
  const running = await rejecting(messages(2))
  const dry = await running.ask('/v1/rejected/drop', { feed: 'sim-json', why: 'test line', dryRun: true })
  expect((dry.body.dropped as unknown[]).length).toBe(2)
  expect(await open(running)).toBe(2)
  expect((await running.ask('/v1/rejected/drop', { feed: 'sim-json' })).status).toBe(400)
  expect((await running.ask('/v1/rejected/drop', { feed: 'sim-jsno', why: 'x' })).status).toBe(404)
  await running.ask('/v1/rejected/drop', { feed: 'sim-json', why: 'test line' })
  const { body } = await running.ask('/v1/rejected/messages')
  const [one] = body.messages as { id: string; state: string; notes: { by: string; why: string }[] }[]
  expect(one).toMatchObject({ state: 'dropped', notes: [{ by: 'operator', why: 'test line' }] })
  const shown = await running.ask(`/v1/rejected/messages/${one?.id}`)
  expect(shown.body.head).toContain('"uri"')
  expect((await retry(running, { feed: 'sim-json' })).results).toEqual([])
})
