import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { applyTopics } from '@dateline/runtime'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createReplayBook, type ReplayBook } from './replay-book.ts'
import type { ReplayPhase, ReplayRequest } from './replay-job.ts'

const id = 'rpl_1'
const at = '2026-01-20T08:00:00Z'
const request: ReplayRequest = {
  id,
  name: 'one',
  spec: { mode: 'reprocess', from: 'log', preview: false, newestOnly: false },
  plan: { units: [], positions: [] },
  by: 'operator',
  at,
}

let dir = ''
let engines: Engines
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-book-'))
  engines = await openEmbedded({ dir })
  await applyTopics(engines.log, [])
  await createReplayBook(engines.log).request(request)
})
afterEach(async () => {
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

const phase = (passed: number): ReplayPhase => ({
  startedAt: at,
  updatedAt: at,
  cursor: { unit: 0, offset: passed },
  passed,
  feeds: {},
  examples: [],
  held: null,
  isDone: false,
})

async function begin(): Promise<ReplayBook> {
  const book = createReplayBook(engines.log)
  await book.refresh()
  await book.begin(id)
  await book.refresh()
  return book
}

const note = (book: ReplayBook, passed: number) => book.progress(id, { publish: phase(passed) })

async function passed(book = createReplayBook(engines.log)): Promise<number | undefined> {
  await book.refresh()
  return book.get(id)?.progress.publish?.passed
}

it('gives to whoever begins what was noted until then', async () => {
  const first = await begin()
  await note(first, 50)
  const second = await begin()
  expect(second.get(id)?.progress.publish?.passed).toBe(50)
})

it('counts no note of a tenure that is over, for any reader', async () => {
  const first = await begin()
  await note(first, 50)
  const second = await begin()
  await note(second, 400)
  expect(first.isHeld(id), 'the first has not looked up yet').toBe(true)
  await note(first, 100)
  expect(await passed()).toBe(400)
  expect(await passed(second)).toBe(400)
  expect(await passed(first), 'nor for the one that noted it').toBe(400)
})

it('counts no note either that comes before the first one of the new tenure', async () => {
  const first = await begin()
  await note(first, 50)
  const second = await begin()
  await note(first, 100)
  expect(await passed(second)).toBe(50)
})

it('tells a worker that another has begun, and notes nothing more for it', async () => {
  const first = await begin()
  const second = await begin()
  await note(second, 400)
  await first.refresh()
  expect([first.isHeld(id), second.isHeld(id)]).toEqual([false, true])
  const [before] = await engines.log.offsets('replays')
  await note(first, 100)
  expect((await engines.log.offsets('replays'))[0]?.high).toBe(before?.high)
})

it('takes a late note where compaction has left nothing else', async () => {
  const first = await begin()
  const second = await begin()
  await note(first, 100)
  expect(await passed(second)).toBe(100)
})

it('goes on from what a version noted that knew no tenures, and lets it set nothing back', async () => {
  const old = (of: number) =>
    engines.log.append([
      {
        topic: 'replays',
        partition: 0,
        key: `${id} progress`,
        value: JSON.stringify({ progress: { publish: phase(of) } }),
      },
    ])
  await old(50)
  const book = await begin()
  expect(await passed(book)).toBe(50)
  await note(book, 400)
  await old(100)
  expect(await passed(book)).toBe(400)
})
