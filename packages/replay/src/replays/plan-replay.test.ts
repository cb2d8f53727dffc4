import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CountedRequests, countingArchive, fillChain, steadyObjects } from '@dateline/archive/testing'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { feedFrom, readSettings } from '@dateline/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Planned, planReplay } from './plan-replay.ts'
import type { Spec } from './replay-job.ts'

const chain = { topic: 'wire.anp', logId: 'log-1', partition: 0 } as const
const startMs = Date.parse('2026-11-24T00:00:00Z')
const hourMs = 3_600_000
/** Two thousand objects of a day, one every 43 s. */
const day = { objects: 2_000, startMs, everyMs: 43_200 }

let dir: string
let engines: Engines
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-plan-'))
  engines = await openEmbedded({ dir })
  await fillChain(engines.archive, chain, steadyObjects(chain, day))
}, 120_000)
afterAll(async () => {
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

const settings = readSettings('suppliers: { anp: {} }\nfeeds: { anp: { supplier: anp } }', {})
const feeds = {
  all: () => (settings.kind === 'faults' ? [] : [feedFrom('anp', settings.settings)]),
}

async function planned(part: Partial<Spec>) {
  const archive = countingArchive(engines.archive)
  const spec: Spec = { mode: 'reprocess', from: 'archive', preview: true, newestOnly: false, ...part }
  const plan: Planned = await planReplay(
    { engines: { ...engines, archive }, feeds, mostTries: 3 },
    spec,
    startMs + 48 * hourMs,
  )
  return { plan, requests: archive.requests() }
}

const at = (ms: number): string => new Date(startMs + ms).toISOString()

const total = ({ list, head, get }: CountedRequests): number => list + head + get

test('plans an hour in the middle of a day of objects by some fifty requests', async () => {
  const { plan, requests } = await planned({ feeds: ['anp'], since: at(12 * hourMs), until: at(13 * hourMs) })
  expect(plan).toEqual({ kind: 'plan', plan: { units: [{ ...chain, from: 3_000, to: 3_252 }], positions: [] } })
  expect(total(requests)).toBeLessThan(60)
  expect(requests.again).toEqual([])
})

test('plans all that was received since a time by fewer, for its end is the end of what is there', async () => {
  const { plan, requests } = await planned({ feeds: ['anp'], since: at(23 * hourMs) })
  expect(plan).toEqual({ kind: 'plan', plan: { units: [{ ...chain, from: 5_748, to: 6_000 }], positions: [] } })
  expect(total(requests)).toBeLessThan(40)
})

test('says that nothing was received in a time of which there is nothing, though there is something near to it', async () => {
  const { plan } = await planned({ feeds: ['anp'], since: at(24 * hourMs), until: at(25 * hourMs) })
  expect(plan).toMatchObject({ kind: 'fault' })
})
