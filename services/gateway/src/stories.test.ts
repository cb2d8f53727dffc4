import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import { type Engines, type EventLog, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics } from '@dateline/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cursor } from './cursor.ts'
import { createKey } from './keys.ts'
import { createStoryWindow } from './story-window.ts'
import { type Bench, startGateway, storyRecord } from './testing/gateway-bench.ts'

const agency = createKey()
const anpReader = createKey()
const config = `
suppliers: { anp: {} }
feeds: { anp-newsml: { supplier: anp } }
keys:
  - { id: anp-1, sha256: ${agency.sha256}, feeds: [anp-newsml] }
  - { id: cms, sha256: ${anpReader.sha256}, reads: [anp] }
`

let dir = ''
let engines: Engines
let benches: Bench[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-stories-'))
  engines = await openEmbedded({ dir })
  await applyTopics(engines.log, [])
})
afterEach(async () => {
  for (const bench of benches) await bench.stop()
  benches = []
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

async function start(): Promise<Bench> {
  const bench = await startGateway(engines, { dataDir: dir, config })
  benches.push(bench)
  return bench
}

interface StoriesPage {
  readonly stories: readonly { readonly subject: string; readonly storyseq: number; readonly supplier: string }[]
  readonly next: string
  readonly more: boolean
}

async function page(bench: Bench, query: string, key = bench.operatorKey): Promise<StoriesPage> {
  const response = await bench.ask(`/v1/stories?${query}`, { key })
  expect(response.status).toBe(200)
  return (await response.json()) as StoriesPage
}

async function allFrom(bench: Bench, after: string, limit: number): Promise<{ names: string[]; next: string }> {
  const names: string[] = []
  let next = after
  for (;;) {
    const found = await page(bench, `after=${next}&limit=${limit}`)
    names.push(...found.stories.map((story) => `${story.subject}#${story.storyseq}`))
    next = found.next
    if (!found.more) return { names, next }
  }
}
const stories = (from: number, to: number) =>
  Array.from({ length: to - from }, (_unused, at) => storyRecord({ key: `anp:${(from + at) % 17}`, seq: from + at }))

describe('the cursor', () => {
  it('gives every story once, whether it came before the start, before the cursor, or later', async () => {
    await engines.log.append(stories(1, 41))
    const bench = await start()
    const first = await allFrom(bench, 'start', 7)
    expect(new Set(first.names).size).toBe(40)
    expect(first.names).toHaveLength(40)
    expect(await page(bench, `after=${first.next}`)).toEqual({ stories: [], next: first.next, more: false })
    await engines.log.append(stories(41, 61))
    await until('the rest came', async () => (await page(bench, `after=${first.next}&limit=500`)).stories.length === 20)
    const second = await allFrom(bench, first.next, 3)
    expect(new Set([...first.names, ...second.names]).size).toBe(60)
  })

  it('says that there is more, though a read from the log was cut short', async () => {
    await engines.log.append(
      Array.from({ length: 100 }, (_unused, at) => storyRecord({ key: 'anp:1', seq: at + 1, partition: 4 })),
    )
    const bench = await start()
    const { names } = await allFrom(bench, 'start', 40)
    expect(names).toHaveLength(100)
  })

  it('keeps the order of each story', async () => {
    const bench = await start()
    await engines.log.append(stories(1, 200))
    await until('all came', async () => (await allFrom(bench, 'start', 500)).names.length === 199)
    const { names } = await allFrom(bench, 'start', 13)
    const bySubject = Map.groupBy(names, (name) => name.split('#')[0])
    for (const group of bySubject.values())
      expect(group).toEqual(group.toSorted((a, b) => Number(a.split('#')[1]) - Number(b.split('#')[1])))
  })

  it('never skips or repeats while stories come in twelve partitions at once, whatever still lies in memory', async () => {
    // So small that most of it must be read back from the log, in pieces.
    const window = createStoryWindow(engines.log, {
      maxBytes: 40_000,
      maxPageBytes: 5_000,
      onFailed: (error) => {
        throw error
      },
    })
    await window.start()
    const total = 1_500
    let appended = 0
    const appending = (async () => {
      while (appended < total) {
        const count = Math.min(1 + Math.floor(Math.random() * 40), total - appended)
        await engines.log.append(stories(appended + 1, appended + 1 + count))
        appended += count
      }
    })()
    const seen = new Map<string, number>()
    const offsets = new Map<number, number>()
    let cursor: Cursor = { ...window.latest(), next: window.latest().next.map(() => 0) }
    await until(
      'all were seen',
      async () => {
        const found = await window.page(cursor, 1 + Math.floor(Math.random() * 30))
        expect(found).not.toBeNull()
        for (const { entry } of found?.entries ?? []) {
          const event = JSON.parse(entry.event.toString()) as { subject: string; storyseq: number }
          const name = `${event.subject}#${event.storyseq}`
          seen.set(name, (seen.get(name) ?? 0) + 1)
          expect(entry.offset).toBe(offsets.get(entry.partition) ?? 0)
          offsets.set(entry.partition, entry.offset + 1)
        }
        cursor = found?.next ?? cursor
        return seen.size === total
      },
      { limitMs: 20_000 },
    )
    await appending
    await window.stop(1_000)
    expect([...seen.values()].every((times) => times === 1)).toBe(true)
  })

  it('holds at every gateway', async () => {
    const first = await start()
    await engines.log.append(stories(1, 31))
    await until('all came', async () => (await page(first, 'limit=500')).stories.length === 30)
    const { next } = await page(first, 'limit=11')
    const second = await start()
    const { names } = await allFrom(second, next, 5)
    expect(names).toHaveLength(19)
  })

  it('is served from memory while the log is away', async () => {
    let isAway = false
    const log: EventLog = {
      ...engines.log,
      offsets: async (topic, group) => {
        if (isAway) throw new TransientFault('log', 'away')
        return engines.log.offsets(topic, group)
      },
    }
    const bench = await startGateway({ ...engines, log }, { dataDir: dir, config })
    benches.push(bench)
    const { next } = await page(bench, 'after=now')
    await engines.log.append(stories(1, 6))
    isAway = true
    await until('they came', async () => (await page(bench, `after=${next}`)).stories.length === 5)
    expect((await bench.ask('/v1/stories?after=start')).status).toBe(503)
  })

  it('is refused with 410 and the earliest one when what follows it is no longer kept', async () => {
    const log: EventLog = {
      ...engines.log,
      offsets: async (topic, group) =>
        (await engines.log.offsets(topic, group)).map((entry) => (topic === 'stories' ? { ...entry, low: 2 } : entry)),
    }
    await engines.log.append(
      Array.from({ length: 12 }, (_unused, partition) =>
        [1, 2, 3, 4].map((seq) => storyRecord({ key: `anp:${partition}`, seq, partition })),
      ).flat(),
    )
    const bench = await startGateway({ ...engines, log }, { dataDir: dir, config })
    benches.push(bench)
    const { next } = await page(bench, 'limit=1')
    const old = next.replace(/\.[0-9a-z]+$/, '.0')
    const response = await bench.ask(`/v1/stories?after=${old}`)
    expect(response.status).toBe(410)
    const { earliest } = (await response.json()) as { earliest: string }
    expect((await allFrom(bench, earliest, 100)).names).toHaveLength(24)
    expect((await bench.ask(`/v1/stories?after=${next.replace(/^[^.]+/, 'log_other')}`)).status).toBe(410)
    expect((await bench.ask(`/v1/stories?after=${next.replace(/\.[0-9a-z]+$/, '.zz')}`)).status).toBe(410)
  })

  it.each([
    ['after=nonsense', 400],
    ['limit=0', 400],
    ['limit=many', 400],
  ])('%s: %i', async (query, status) => {
    const bench = await start()
    expect((await bench.ask(`/v1/stories?${query}`)).status).toBe(status)
  })
})

describe('what a key may read', () => {
  it('are the stories of its suppliers, and the cursor moves past the others', async () => {
    const bench = await start()
    await engines.log.append([
      storyRecord({ key: 'anp:1' }),
      storyRecord({ key: 'dpa:1' }),
      storyRecord({ key: 'anp:2' }),
      storyRecord({ key: 'dpa:2' }),
    ])
    await until('all came', async () => (await page(bench, '')).stories.length === 4)
    const found = await page(bench, '', anpReader.key)
    expect(found.stories.map((story) => story.subject).toSorted()).toEqual(['anp:1', 'anp:2'])
    expect(found.next).toBe((await page(bench, '')).next)
    expect((await bench.ask('/v1/stories/dpa:1', { key: anpReader.key })).status).toBe(404)
    expect((await bench.ask('/v1/stories/dpa:1/history', { key: anpReader.key })).status).toBe(404)
    expect((await bench.ask('/v1/stories/anp:1', { key: anpReader.key })).status).toBe(200)
  })

  it('is nothing without a key, or with the key of an agency', async () => {
    const bench = await start()
    for (const path of ['/v1/stories', '/v1/stories/stream', '/v1/stories/anp:1', '/v1/stories/anp:1/history']) {
      expect((await bench.ask(path, { key: '' })).status).toBe(401)
      expect((await bench.ask(path, { key: agency.key })).status).toBe(403)
    }
  })
})

describe('a story by its key', () => {
  const long = `anp:${'é/?#'.repeat(200)}`

  it('is its newest event, from memory or from the log', async () => {
    await engines.log.append([
      storyRecord({ key: long, seq: 1 }),
      storyRecord({ key: 'anp:old', seq: 1 }),
      // An item without a supplier's id lies where its feed's name says.
      storyRecord({ key: 'anp:by-content', seq: 1, partition: 3 }),
    ])
    const bench = await start()
    await engines.log.append([storyRecord({ key: long, seq: 2 })])
    const newest = async (key: string): Promise<number | undefined> => {
      const response = await bench.ask(`/v1/stories/${encodeURIComponent(key)}`)
      return response.status === 200 ? ((await response.json()) as { storyseq: number }).storyseq : undefined
    }
    await until('the new one came', async () => (await newest(long)) === 2)
    expect(await newest('anp:old')).toBe(1)
    expect(await newest('anp:by-content')).toBe(1)
    expect(await newest('anp:none')).toBeUndefined()
  })

  it('has a history, oldest first', async () => {
    const bench = await start()
    await engines.log.append([1, 2, 3].map((seq) => storyRecord({ key: long, seq })))
    const response = await bench.ask(`/v1/stories/${encodeURIComponent(long)}/history`)
    const { events } = (await response.json()) as { events: { storyseq: number; data: { uri: string } }[] }
    expect(events.map((event) => event.storyseq)).toEqual([1, 2, 3])
    expect(events[0]?.data.uri).toBe(`urn:x:${long}`)
  })
})
