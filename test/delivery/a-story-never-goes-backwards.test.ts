import { newsmlG2Message, ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { families } from '../support/families.ts'
import { eventually, type Running, runInstance } from '../support/running.ts'

let next = 0
const freshId = (): string => `urn:newsml:sim.example:20260120:${++next}`

interface Item {
  readonly id?: string
  readonly version?: string
  readonly headline?: string
  readonly pubStatus?: 'usable' | 'canceled' | 'withheld'
  readonly embargoed?: string
}

const formats = {
  'NewsML-G2': {
    feed: 'sim-xml',
    make: ({ id, ...item }: Item) => newsmlG2Message({ ...item, ...(id === undefined ? {} : { guid: id }) }),
  },
  ninjs: {
    feed: 'sim-json',
    make: ({ id, ...item }: Item) => ninjsMessage({ ...item, ...(id === undefined ? {} : { uri: id }) }),
  },
} as const

describe.each(families.filter((family) => family.isAvailable))('on $name engines', (family) => {
  let running: Running
  beforeAll(async () => {
    running = await runInstance(family)
  }, 90_000)
  afterAll(() => running.stop(), 60_000)
  /** No events before the first. */
  const historyOf = (id: string) =>
    running
      .client()
      .history(`sim:${id}`)
      .catch(() => [])

  describe.each(Object.entries(formats))('%s', (_name, { feed, make }) => {
    const push = async (item: Item): Promise<string | undefined> =>
      (await running.push(feed, Buffer.from(make(item))))[0]
    const types = async (id: string): Promise<readonly string[]> =>
      (await running.client().history(`sim:${id}`)).map(
        (event) => `${event.type.replace('dateline.story.', '')} v${event.storyversion}`,
      )

    it('publishes 3 and 4 of versions 3, 2, 4', async () => {
      const id = freshId()
      expect(await push({ id, version: '3' })).toBe('published/new')
      expect(await push({ id, version: '2' })).toBe('stale/older-version')
      expect(await push({ id, version: '4' })).toBe('published/new-version')
      expect(await types(id)).toEqual(['published v3', 'updated v4'])
    })

    it('knows that 10 comes after 9, and that 0 is a version', async () => {
      const id = freshId()
      const outcomes: (string | undefined)[] = []
      for (const version of ['9', '10', '9']) outcomes.push(await push({ id, version }))
      expect(outcomes).toEqual(['published/new', 'published/new-version', 'stale/older-version'])
      const zero = freshId()
      expect(await push({ id: zero, version: '0' })).toBe('published/new')
      expect(await push({ id: zero, version: '1' })).toBe('published/new-version')
      expect(await push({ id: zero, version: '0' })).toBe('stale/older-version')
    })

    it('publishes a repeat once, and other content of the same version as a revision', async () => {
      const id = freshId()
      expect(await push({ id, version: '1' })).toBe('published/new')
      expect(await push({ id, version: '1' })).toBe('duplicate/same-version')
      expect(await push({ id, version: '1' })).toBe('duplicate/same-version')
      expect(await push({ id, version: '1', headline: 'Een andere kop' })).toMatch(/^published\//)
      const events = await running.client().history(`sim:${id}`)
      expect(events.map((event) => [event.storyseq, event.storyversion, event.revision])).toEqual([
        [1, '1', '0'],
        [2, '1', '1'],
      ])
    })

    it('recalls a killed story once, keeps it killed, and lets a higher version restore it', async () => {
      const id = freshId()
      expect(await push({ id, version: '3' })).toBe('published/new')
      expect(await push({ id, version: '4', pubStatus: 'canceled' })).toBe('recalled/killed')
      expect(await push({ id, version: '4', pubStatus: 'canceled' })).toBe('duplicate/already-killed')
      expect(await push({ id, version: '3' })).toMatch(/^(stale|duplicate)\//)
      expect(await push({ id, version: '4' })).toMatch(/^stale\//)
      expect(await push({ id, version: '5' })).toBe('published/restored')
      expect(await types(id)).toEqual(['published v3', 'killed v4', 'restored v5'])
    })

    it('remembers a kill that comes before its story', async () => {
      const id = freshId()
      expect(await push({ id, version: '2', pubStatus: 'canceled' })).toBe('recalled/killed')
      expect(await push({ id, version: '1' })).toMatch(/^stale\//)
      expect((await types(id)).filter((type) => type.startsWith('published'))).toEqual([])
    })

    it('rejects a kill that names no story, and touches nothing', async () => {
      const id = freshId()
      expect(await push({ id, version: '1' })).toBe('published/new')
      const bytes = Buffer.from(make({ id, version: '2', pubStatus: 'canceled' }))
        .toString('utf8')
        .replaceAll(id, '')
      expect(await running.push(feed, Buffer.from(bytes))).toEqual(['rejected/kill-without-id'])
      expect(await types(id)).toEqual(['published v1'])
    })

    it('holds a story under embargo, releases it when due, and neither early nor twice', {
      timeout: 60_000,
    }, async () => {
      const id = freshId()
      const due = Date.now() + 4_000
      expect(await push({ id, version: '1', embargoed: new Date(due).toISOString() })).toBe('held/embargoed')
      expect(await historyOf(id)).toEqual([])
      const events = await eventually(
        () => historyOf(id),
        (found) => found.length > 0,
      )
      expect(events.map((event) => event.type)).toEqual(['dateline.story.published'])
      expect(Date.parse(events[0]?.time ?? '')).toBeGreaterThanOrEqual(due)
    })

    it('binds later versions to an embargo that moved, and forgets one that was killed', {
      timeout: 60_000,
    }, async () => {
      const moved = freshId()
      const due = Date.now() + 12_000
      expect(await push({ id: moved, version: '1', embargoed: new Date(Date.now() + 6_000).toISOString() })).toBe(
        'held/embargoed',
      )
      expect(await push({ id: moved, version: '2', embargoed: new Date(due).toISOString() })).toBe('held/embargoed')
      const killed = freshId()
      expect(await push({ id: killed, version: '1', embargoed: new Date(Date.now() + 6_000).toISOString() })).toBe(
        'held/embargoed',
      )
      expect(await push({ id: killed, version: '2', pubStatus: 'canceled' })).toBe('recalled/killed')
      const events = await eventually(
        () => historyOf(moved),
        (found) => found.length > 0,
      )
      expect(events.map((event) => event.storyversion)).toEqual(['2'])
      expect(Date.parse(events[0]?.time ?? '')).toBeGreaterThanOrEqual(due)
      expect((await historyOf(killed)).map((event) => event.type)).toEqual(['dateline.story.killed'])
    })
  })

  it('forgets no embargo that was due while everything was down', { timeout: 120_000 }, async () => {
    const id = freshId()
    const due = Date.now() + 6_000
    expect(await running.push('sim-json', ninjsMessage({ uri: id, embargoed: new Date(due).toISOString() }))).toEqual([
      'held/embargoed',
    ])
    const names = [...running.workers.keys()]
    await Promise.all(names.map((name) => running.kill(name)))
    await eventually(
      async () => Date.now(),
      (now) => now > due + 500,
    )
    await Promise.all(names.map((name) => running.start(name)))
    const events = await eventually(
      () => historyOf(id),
      (found) => found.length > 0,
      60_000,
    )
    expect(events.map((event) => event.type)).toEqual(['dateline.story.published'])
  })

  it('ends with every story as the contract says', async () => {
    const engines = await running.installation.open()
    const report = await checkStories(engines.log, { hasHeld: true })
    await engines.close()
    expect(report.faults).toEqual([])
  })
})
