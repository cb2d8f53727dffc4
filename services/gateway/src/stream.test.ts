import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type FollowedEvent, newestOnly, Refusal } from '@dateline/client'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics } from '@dateline/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKey } from './keys.ts'
import { type Bench, startGateway, storyRecord } from './testing/gateway-bench.ts'

const anpReader = createKey()
const config = `
suppliers: { anp: {} }
feeds: { anp-newsml: { supplier: anp } }
keys: [{ id: cms, sha256: ${anpReader.sha256}, reads: [anp] }]
`

let dir = ''
let engines: Engines
let bench: Bench
let closing: (() => unknown)[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-stream-'))
  engines = await openEmbedded({ dir })
  await applyTopics(engines.log, [])
  bench = await startGateway(engines, { dataDir: dir, config })
})
afterEach(async () => {
  for (const close of closing) close()
  closing = []
  await bench.stop()
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

interface Stream {
  readonly status: number
  readonly message: IncomingMessage
  readonly events: { id: string; event: string; data: string }[]
  readonly ids: string[]
  text: string
}

/** A reader that is no client of ours: lines of `text/event-stream`. */
async function open(query = '', headers: Record<string, string> = {}, key = bench.operatorKey): Promise<Stream> {
  const asking = get(`${bench.url}/v1/stories/stream${query}`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
  })
  closing.push(() => asking.destroy())
  asking.on('error', () => {})
  const [message] = (await once(asking, 'response')) as [IncomingMessage]
  const stream: Stream = { status: message.statusCode ?? 0, message, events: [], ids: [], text: '' }
  let rest = ''
  message.setEncoding('utf8').on('data', (chunk: string) => {
    stream.text += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      if (field('id') !== '') stream.ids.push(field('id'))
      if (field('data') !== '') stream.events.push({ id: field('id'), event: field('event'), data: field('data') })
    }
  })
  message.on('error', () => {})
  return stream
}
const subjects = (stream: Stream): string[] =>
  stream.events.map((event) => (JSON.parse(event.data) as { subject: string }).subject)

describe('the stream of stories', () => {
  it('sends what comes, each with its type, its cursor and the event as CloudEvents JSON', async () => {
    const stream = await open()
    expect(stream.message.headers['content-type']).toBe('text/event-stream')
    await engines.log.append([storyRecord({ key: 'anp:1', seq: 3, type: 'killed', text: 'regel één\nregel twee' })])
    await until('it came', () => stream.events.length === 1)
    expect(stream.events[0]).toMatchObject({ event: 'dateline.story.killed' })
    expect(JSON.parse(stream.events[0]?.data ?? '')).toMatchObject({
      specversion: '1.0',
      id: 'evt_anp:1_3',
      type: 'dateline.story.killed',
      subject: 'anp:1',
      storyseq: 3,
      data: { bodies: [{ value: 'regel één\nregel twee' }] },
    })
  })

  it('begins with what comes, unless a cursor is given', async () => {
    await engines.log.append([storyRecord({ key: 'anp:1' })])
    await until('the gateway has it', async () => (await bench.ask('/v1/stories/anp:1')).status === 200)
    const [now, start] = [await open(), await open('?after=start')]
    await engines.log.append([storyRecord({ key: 'anp:2' })])
    await until('both have the new one', () => now.events.length === 1 && start.events.length === 2)
    expect([subjects(now), subjects(start)]).toEqual([['anp:2'], ['anp:1', 'anp:2']])
  })

  it('goes on behind Last-Event-ID: nothing twice, nothing left out', async () => {
    const before = await open('?after=start')
    await engines.log.append(Array.from({ length: 30 }, (_unused, at) => storyRecord({ key: `anp:${at}` })))
    await until('all came', () => before.events.length === 30)
    for (const cut of [0, 11, 28, 29]) {
      const behind = await open('?after=start', { 'last-event-id': before.events[cut]?.id ?? '' })
      await until('the rest came', () => behind.events.length >= 29 - cut)
      expect(subjects(behind)).toEqual(subjects(before).slice(cut + 1))
    }
  })

  it('tells at once where it begins, so that a reader who saw no story yet comes back to there', async () => {
    const stream = await open()
    await until('it begins', () => stream.ids.length > 0)
    await engines.log.append([storyRecord({ key: 'anp:1' })])
    await until('the gateway has it', async () => (await bench.ask('/v1/stories/anp:1')).status === 200)
    const again = await open('', { 'last-event-id': stream.ids[0] ?? '' })
    await until('it came', () => again.events.length === 1)
  })

  it('is limited to the suppliers of the key, and its cursor moves past the others', async () => {
    const stream = await open('?after=start', {}, anpReader.key)
    await engines.log.append([
      storyRecord({ key: 'dpa:1', partition: 0 }),
      storyRecord({ key: 'anp:1', partition: 1 }),
      storyRecord({ key: 'dpa:2', partition: 2 }),
    ])
    await engines.log.append([storyRecord({ key: 'anp:2', partition: 3 })])
    await until('both came', () => stream.events.length === 2)
    expect(subjects(stream)).toEqual(['anp:1', 'anp:2'])
    const { next } = (await (await bench.ask('/v1/stories')).json()) as { next: string }
    expect(stream.events[1]?.id).toBe(next)
  })

  it('is refused with 410 and the earliest cursor when it would begin too early', async () => {
    await engines.log.append([storyRecord({ key: 'anp:1' })])
    const { next } = (await (await bench.ask('/v1/stories')).json()) as { next: string }
    const response = await bench.ask('/v1/stories/stream', {
      headers: { 'last-event-id': next.replace(/^[^.]+/, 'log_other') },
    })
    expect(response.status).toBe(410)
    expect(await response.json()).toMatchObject({ status: 410, earliest: expect.stringMatching(/^log_/) })
  })

  it('waits for a slow reader, without holding back the others or keeping what it has not taken', async () => {
    const slow = await open('?after=start')
    slow.message.pause()
    const quick = await open('?after=start')
    const text = 'x'.repeat(100_000)
    for (let round = 0; round < 20; round += 1)
      await engines.log.append(
        Array.from({ length: 10 }, (_unused, at) => storyRecord({ key: `anp:${round}-${at}`, text })),
      )
    await until('the quick reader has all', () => quick.events.length === 200)
    expect(slow.events.length).toBeLessThan(200)
    slow.message.resume()
    await until('the slow reader has all', () => slow.events.length === 200)
    expect(new Set(subjects(slow)).size).toBe(200)
  })

  it('leaves nothing behind when its reader goes', async () => {
    const streams = async (): Promise<number> => (await bench.context.metrics.streams.get()).values[0]?.value ?? 0
    const opened = await Promise.all(Array.from({ length: 10 }, () => open()))
    await until('ten are open', async () => (await streams()) === 10)
    for (const stream of opened) stream.message.destroy()
    await until('none is open', async () => (await streams()) === 0)
  })

  it('ends when the gateway stops', async () => {
    const stream = await open()
    const ended = once(stream.message, 'close')
    const started = performance.now()
    await bench.stop()
    await ended
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe("the consumer's client", () => {
  async function collect(following: AsyncIterable<FollowedEvent>, into: FollowedEvent[]): Promise<void> {
    for await (const event of following) into.push(event)
  }

  it('takes the stream up again where it broke, and sees every story once', async () => {
    const port = Number(new URL(bench.url).port)
    const stop = new AbortController()
    const breaks: unknown[] = []
    const events: FollowedEvent[] = []
    const client = connect({ url: bench.url, key: bench.operatorKey })
    const following = collect(
      client.follow({ signal: stop.signal, onReconnect: (error) => void breaks.push(error) }),
      events,
    )
    await until('it listens', async () => ((await bench.context.metrics.streams.get()).values[0]?.value ?? 0) === 1)
    // The first break comes before any story: it began "now", and now stays where it was.
    for (let round = 0; round < 3; round += 1) {
      await bench.stop()
      await engines.log.append([1, 2, 3].map((at) => storyRecord({ key: `anp:${round}-${at}` })))
      bench = await startGateway(engines, { dataDir: dir, config, port })
      await until('the round came', () => events.length >= (round + 1) * 3)
    }
    stop.abort()
    await following
    expect(events.map((event) => event.subject)).toHaveLength(9)
    expect(new Set(events.map((event) => event.subject)).size).toBe(9)
    expect(breaks.length).toBeGreaterThanOrEqual(3)
    const last = events.at(-1)
    const page = await client.stories({ after: last?.cursor ?? '' })
    expect(page.stories).toEqual([])
  })

  it('does not come back to a door that refuses it', async () => {
    const events: FollowedEvent[] = []
    const wrongKey = connect({ url: bench.url, key: 'dl_wrong' })
    await expect(collect(wrongKey.follow(), events)).rejects.toMatchObject({ name: 'Refusal', status: 401 })
    const client = connect({ url: bench.url, key: bench.operatorKey })
    const old = collect(client.follow({ after: `log_other${'.0'.repeat(12)}` }), events)
    await expect(old).rejects.toBeInstanceOf(Refusal)
    await expect(old).rejects.toMatchObject({ problem: { earliest: expect.any(String) } })
  })

  it('keeps only the newest of each story', () => {
    const isNewest = newestOnly()
    const told = [
      ['a', 1],
      ['a', 3],
      ['b', 1],
      ['a', 2],
      ['a', 3],
      ['a', 4],
    ] as const
    expect(told.map(([subject, storyseq]) => isNewest({ subject, storyseq }))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ])
  })
})
