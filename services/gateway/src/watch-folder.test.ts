import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { createMetrics, type Feed, type Logger, silentLogger } from '@dateline/runtime'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Accepted, Arrival } from './accept.ts'
import { watchFolder } from './watch-folder.ts'

const feed: Feed = {
  name: 'anp-site',
  supplier: 'anp',
  via: 'folder',
  partitions: 4,
  flashPerMinute: 30,
  rejectAlarm: 0.2,
}
const accepted: Accepted = { kind: 'accepted', position: 'wire.anp-site@log/0/0', lane: 'live' }

let dir = ''
let arrivals: Arrival[] = []
let accept: (arrival: Arrival) => Promise<Accepted>
let warnings: string[] = []
let stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-folder-'))
  arrivals = []
  warnings = []
  accept = async () => accepted
})
afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
  await rm(dir, { recursive: true, force: true })
})

function begin(options: { maxBytes?: number; settledAfterMs?: number } = {}): ReturnType<typeof watchFolder> {
  const log: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) }
  const folder = watchFolder(feed, dir, {
    accept: async (_feed, arrival) => {
      arrivals.push(arrival)
      return accept(arrival)
    },
    log,
    metrics: createMetrics(),
    maxBytes: options.maxBytes ?? 1_000,
    scanEveryMs: 20,
    settledAfterMs: options.settledAfterMs ?? 200,
  })
  stops.push(() => folder.stop(100))
  return folder
}

/** Renamed in, as a careful sender does. */
async function put(name: string, text: string): Promise<void> {
  const file = join(dir, `.${name}`)
  await writeFile(file, text)
  const past = Date.now() / 1_000 - 60
  await utimes(file, past, past)
  await rename(file, join(dir, name))
}
const inside = async (folder: string): Promise<string[]> => (await readdir(join(dir, folder)).catch(() => [])).sort()
const texts = (): string[] => arrivals.map((arrival) => Buffer.from(arrival.bytes).toString())

it('appends a file with its name and moves it to done', async () => {
  begin()
  await put('één.xml', '<x/>')
  await until('it is done', async () => (await inside('done')).length === 1)
  expect(arrivals).toMatchObject([{ door: 'folder', name: 'één.xml' }])
  expect(texts()).toEqual(['<x/>'])
  expect(await readFile(join(dir, 'done', 'één.xml'), 'utf8')).toBe('<x/>')
})

it('takes what lay there before the start, in the order of the names', async () => {
  await put('b.xml', 'b')
  await put('a.xml', 'a')
  begin()
  await until('both are done', async () => (await inside('done')).length === 2)
  expect(texts()).toEqual(['a', 'b'])
})

it('takes a file only when it stands still', async () => {
  begin()
  const file = join(dir, 'slow.xml')
  for (const part of ['<x>', 'one', 'two', '</x>']) {
    await writeFile(file, part, { flag: 'a' })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(arrivals).toEqual([])
  }
  await until('it is done', async () => (await inside('done')).length === 1)
  expect(texts()).toEqual(['<x>onetwo</x>'])
})

it.each(['.hidden.xml', 'x.tmp', 'x.xml.part', 'x.filepart'])('leaves %s alone', async (name) => {
  begin()
  await writeFile(join(dir, name), 'unfinished')
  await mkdir(join(dir, 'folder.xml'))
  await put('whole.xml', 'whole')
  await until('the whole one is done', async () => (await inside('done')).length === 1)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(texts()).toEqual(['whole'])
})

it('never moves a file over another', async () => {
  begin()
  for (const text of ['first', 'second', 'third']) {
    const before = arrivals.length
    await put('same.xml', text)
    await until('it is taken', async () => arrivals.length > before && !(await inside('.')).includes('same.xml'))
  }
  expect(await inside('done')).toEqual(['same.1.xml', 'same.2.xml', 'same.xml'])
  expect(await readFile(join(dir, 'done', 'same.xml'), 'utf8')).toBe('first')
  expect(await readFile(join(dir, 'done', 'same.2.xml'), 'utf8')).toBe('third')
})

it.each([
  ['an empty file', '', 'The file is empty: put the wire message itself in it.'],
  ['a file that is too large', 'x'.repeat(1_001), 'The file has 1001 bytes, a wire message may have 1000'],
])('moves %s to failed, with the reason beside it', async (_name, text, reason) => {
  begin()
  await put('bad.xml', text)
  await until('the reason is there', async () => (await inside('failed')).includes('bad.xml.reason.txt'))
  expect(await inside('failed')).toEqual(['bad.xml', 'bad.xml.reason.txt'])
  expect(await readFile(join(dir, 'failed', 'bad.xml.reason.txt'), 'utf8')).toContain(reason)
  expect(arrivals).toEqual([])
})

it('moves what the log finds too large to failed', async () => {
  accept = async () => ({ kind: 'too-large', limitBytes: 77 })
  begin()
  await put('big.xml', 'big')
  await until('the reason is there', async () => (await inside('failed')).includes('big.xml.reason.txt'))
  expect(await readFile(join(dir, 'failed', 'big.xml.reason.txt'), 'utf8')).toContain('77 bytes')
})

it('keeps the file while the log is away, says so once, and takes it when the log is back', async () => {
  accept = async () => {
    throw new TransientFault('log', 'away')
  }
  begin()
  await put('a.xml', 'a')
  await until('it was tried often', () => arrivals.length > 5)
  expect(await inside('.')).toContain('a.xml')
  expect(warnings).toEqual([expect.stringContaining('cannot be worked through')])
  accept = async () => accepted
  await until('it is done', async () => (await inside('done')).length === 1)
})

it('moves a file only after the log acknowledged', async () => {
  const { promise, resolve } = Promise.withResolvers<Accepted>()
  accept = () => promise
  begin()
  await put('a.xml', 'a')
  await until('it is being appended', () => arrivals.length === 1)
  await new Promise((done) => setTimeout(done, 150))
  expect(await inside('done')).toEqual([])
  expect(await inside('.')).toContain('a.xml')
  resolve(accepted)
  await until('it is done', async () => (await inside('done')).length === 1)
})

it('does not append again what it could not move', async () => {
  accept = async () => {
    await rm(join(dir, 'done'), { recursive: true })
    await writeFile(join(dir, 'done'), 'a file where the folder should be')
    return accepted
  }
  begin()
  await put('a.xml', 'a')
  await until('it complained', () => warnings.length > 0)
  accept = async () => accepted
  await rm(join(dir, 'done'))
  await until('it is done', async () => (await inside('done')).length === 1)
  expect(texts()).toEqual(['a'])
})

it.skipIf(process.getuid?.() === 0)('keeps taking others when one file may not be read', async () => {
  begin()
  await writeFile(join(dir, 'a.xml'), 'a')
  await chmod(join(dir, 'a.xml'), 0o000)
  await put('b.xml', 'b')
  await until('the other is done', async () => (await inside('done')).length === 1)
  expect(texts()).toEqual(['b'])
})

it('stops in time when the log hangs', async () => {
  accept = () => new Promise<Accepted>(() => {})
  const folder = begin()
  await put('a.xml', 'a')
  await until('it is being appended', () => arrivals.length === 1)
  const started = performance.now()
  await folder.stop(100)
  expect(performance.now() - started).toBeLessThan(5_000)
})
