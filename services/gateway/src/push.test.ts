import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import { EngineRefusal, type Engines, type LogRecord } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { readPartition } from '@dateline/runtime'
import { parsePosition } from '@dateline/story'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from './keys.ts'
import { type Bench, startGateway, troubledLog } from './testing/gateway-bench.ts'
import { positionBehind, receiptRecords } from './testing/receipts-of.ts'

const agency = createKey()
const reader = createKey()
const config = `
http: { maxMessageBytes: 200000 }
suppliers: { anp: {}, dpa: {} }
feeds:
  anp-newsml: { supplier: anp, flashPerMinute: 2 }
  dpa-g2: { supplier: dpa }
keys:
  - { id: anp-1, sha256: ${agency.sha256}, feeds: [anp-newsml] }
  - { id: cms, sha256: ${reader.sha256}, reads: [anp] }
`

let dir = ''
let engines: Engines
let troubled: ReturnType<typeof troubledLog>
let bench: Bench

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-push-'))
  engines = await openEmbedded({ dir })
  troubled = troubledLog(engines.log)
  bench = await startGateway({ ...engines, log: troubled.log }, { dataDir: dir, config })
})
afterAll(async () => {
  await bench.stop()
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function push(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  options: { readonly feed?: string; readonly key?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await bench.ask(`/v1/feeds/${options.feed ?? 'anp-newsml'}/messages`, {
    method: 'POST',
    body,
    key: options.key ?? agency.key,
    headers: options.headers ?? {},
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit)
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

async function recordBehind(answer: Answer): Promise<LogRecord> {
  const at = parsePosition(positionBehind(String(answer.body.receipt)))
  const [record] = await engines.log.read(at?.topic ?? '', at?.partition ?? 0, at?.offset ?? 0, { maxRecords: 1 })
  if (record === undefined) throw new Error('there is nothing at the position of the receipt')
  return record
}
const headersOf = (record: LogRecord): Record<string, string> =>
  Object.fromEntries(record.headers.map(([name, value]) => [name, value.toString()]))

async function messages(): Promise<number> {
  let count = 0
  for (const topic of ['wire.anp-newsml', 'wire.anp-newsml.flash'])
    for (const { high } of await engines.log.offsets(topic)) count += high
  return count
}

describe('a push', () => {
  it('is answered 202 with a receipt, and lies in the log byte for byte', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x3c, 0x78, 0x2f, 0x3e, 0x0d, 0x0a, 0x00, 0xff])
    const answer = await push(bytes, {
      headers: {
        'content-type': 'application/vnd.iptc.g2.newsitem+xml; charset=utf-8',
        'idempotency-key': 'anp-20260120-17',
        'dateline-name': encodeURIComponent('brug één.xml'),
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    })
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ feed: 'anp-newsml', lane: 'live', bytes: bytes.length, state: 'pending' })
    expect(answer.headers.get('location')).toBe(`/v1/receipts/${answer.body.receipt}`)
    const record = await recordBehind(answer)
    expect(record.value).toEqual(bytes)
    expect(headersOf(record)).toMatchObject({
      'content-type': 'application/vnd.iptc.g2.newsitem+xml; charset=utf-8',
      'dateline-door': 'push',
      'dateline-sender': 'anp-1',
      'dateline-reference': 'anp-20260120-17',
      'dateline-name': 'brug één.xml',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    })
  })

  it.each(['application/', 'text', ';;;', 'text/xml; charset=', 'application/json'])(
    'takes any content type and keeps it: %s',
    async (contentType) => {
      const answer = await push('{ not json', { headers: { 'content-type': contentType } })
      expect(answer.status).toBe(202)
      expect(headersOf(await recordBehind(answer))['content-type']).toBe(contentType)
    },
  )

  it('takes a body that comes in chunks, and one without a content type', async () => {
    const chunked = await push(ReadableStream.from([Buffer.from('<a>'), Buffer.from('</a>')]))
    expect(chunked.status).toBe(202)
    const record = await recordBehind(chunked)
    expect(record.value?.toString()).toBe('<a></a>')
    expect(headersOf(record)['content-type']).toBeUndefined()
  })

  it('keeps a name that is badly encoded as it is', async () => {
    const answer = await push('x', { headers: { 'dateline-name': '100%.xml' } })
    expect(headersOf(await recordBehind(answer))['dateline-name']).toBe('100%.xml')
  })

  it('keeps versions of a story together by the id that is cheap to see, else by the feed', async () => {
    const keys = await Promise.all(
      ['<newsItem guid="urn:x:9" version="1">', '<newsItem guid="urn:x:9" version="2">', 'plain text'].map(
        async (text) => (await recordBehind(await push(text))).key?.toString(),
      ),
    )
    expect(keys).toEqual(['urn:x:9', 'urn:x:9', 'anp-newsml'])
  })
})

describe('the flash lane', () => {
  it('takes what asks for it and what looks urgent, up to the cap of the minute', async () => {
    const lanes = []
    for (const headers of [{ 'dateline-lane': 'flash' }, {}, { 'dateline-lane': 'flash' }, {}, {}])
      lanes.push((await push('<urgency>1</urgency>', { headers })).body.lane)
    // A minute may end in between.
    expect(lanes.filter((lane) => lane === 'flash').length).toBeLessThanOrEqual(4)
    expect(lanes.slice(0, 2)).toContain('flash')
    expect(lanes[0]).toBe('flash')
    expect((await push('<urgency>3</urgency>')).body.lane).toBe('live')
  })
})

describe('a push that is refused appends nothing and says what to do', () => {
  it.each([
    ['empty', 400, '', {}, 'send the wire message itself'],
    ['no key', 401, 'x', { key: '' }, 'Authorization: Bearer <key>'],
    ['an unknown key', 401, 'x', { key: 'dl_wrong' }, 'not known'],
    ['a key of another feed', 403, 'x', { feed: 'dpa-g2' }, 'The key "anp-1" is not for the feed dpa-g2'],
    ["a reader's key", 403, 'x', { key: reader.key }, 'The key "cms" is not for the feed anp-newsml'],
    ['too large', 413, 'x'.repeat(200_001), {}, '200000 bytes'],
    ['encoded', 415, 'x', { headers: { 'content-encoding': 'gzip' } }, 'without a content encoding'],
  ])('%s: %i', async (_name, status, body, options, words) => {
    const before = await messages()
    const answer = await push(body, options)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.body).toMatchObject({ type: 'about:blank', status, detail: expect.stringContaining(words) })
    expect(await messages()).toBe(before)
  })

  it('an unknown feed: 404 that names the feeds there are', async () => {
    const answer = await push('x', { feed: 'anp-nitf', key: bench.operatorKey })
    expect(answer.status).toBe(404)
    expect(answer.body).toMatchObject({ feeds: ['anp-newsml', 'dpa-g2'] })
    expect(answer.body.detail).toContain('The feeds are: anp-newsml, dpa-g2.')
  })

  it('a name that cannot be a feed: 400', async () => {
    expect((await push('x', { feed: 'ANP_newsml', key: bench.operatorKey })).status).toBe(400)
    expect((await push('x', { feed: 'receipts', key: bench.operatorKey })).status).toBe(400)
    expect((await push('x', { feed: '%zz', key: bench.operatorKey })).status).toBe(400)
  })

  it('asks for the key before it reads the message', async () => {
    const asking = request(`${bench.url}/v1/feeds/anp-newsml/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer dl_wrong', 'content-length': '100000' },
    })
    asking.on('error', () => {})
    asking.flushHeaders()
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(401)
    asking.destroy()
  })
})

describe('while the log is in trouble', () => {
  it('a push waits for the acknowledgement: no 202 before it', async () => {
    const before = await messages()
    troubled.trouble = 'hangs'
    let isAnswered = false
    const answer = push('<late/>').finally(() => {
      isAnswered = true
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect([isAnswered, await messages()]).toEqual([false, before])
    troubled.free()
    expect((await answer).status).toBe(202)
    expect(await messages()).toBe(before + 1)
  })

  it.each(['away', 'hangs'] as const)('%s: 503 with Retry-After, and the door stays ready', async (trouble) => {
    troubled.trouble = trouble
    const answer = await push('x')
    troubled.free()
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answer.body.detail).toContain('repeating is safe')
    expect((await bench.ask('/health/ready', { key: '' })).status).toBe(200)
    expect((await push('x')).status).toBe(202)
  })

  it('a topic that is gone: 503, and the operators are told', async () => {
    const log = {
      ...engines.log,
      append: async () => {
        throw new EngineRefusal('log', 'There is no topic wire.anp-newsml')
      },
    }
    const other = await startGateway({ ...engines, log }, { dataDir: dir, config })
    try {
      const response = await other.ask('/v1/feeds/anp-newsml/messages', { method: 'POST', body: 'x' })
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30'])
      expect(other.lines).toContain('error A request was refused by an engine')
    } finally {
      await other.stop()
    }
  })
})

describe('Prefer: wait', () => {
  it('answers with the outcome as soon as it is known', async () => {
    const lows = await engines.log.offsets('wire.anp-newsml')
    const answering = push('<waits/>', { headers: { prefer: 'respond-async, wait=20', 'idempotency-key': 'mine' } })
    let position = ''
    await until('it is in the log', async () => {
      for (const [partition, { high }] of (await engines.log.offsets('wire.anp-newsml')).entries())
        for await (const record of readPartition(engines.log, 'wire.anp-newsml', partition, lows[partition]?.high))
          if (high > 0 && record.value?.toString() === '<waits/>') {
            const [info] = await engines.log.topics(['wire.anp-newsml'])
            position = `wire.anp-newsml@${info?.logId}/${partition}/${record.offset}`
          }
      return position !== ''
    })
    const { read, decided } = receiptRecords(position, { items: 2, reference: 'mine' })
    await engines.log.append([read, decided])
    const answer = await answering
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      state: 'settled',
      items: 2,
      lane: 'live',
      reference: 'mine',
      outcomes: [
        { item: 0, outcome: 'published', storyKey: 'anp:0' },
        { item: 1, outcome: 'published', storyKey: 'anp:1' },
      ],
    })
  })

  it('answers 202 when the time is over', async () => {
    const started = performance.now()
    const answer = await push('<nobody-reads-it/>', { headers: { prefer: 'wait=1' } })
    expect(answer.status).toBe(202)
    expect(performance.now() - started).toBeGreaterThan(900)
  })
})

it('makes a feed of any pushed name where there is no configuration, its topics first', async () => {
  const openDir = await mkdtemp(join(tmpdir(), 'dateline-open-'))
  const openEngines = await openEmbedded({ dir: openDir })
  const open = await startGateway(openEngines, { dataDir: openDir })
  const told: string[] = []
  open.context.feeds.onAdded((feed) => void told.push(feed.name))
  try {
    const ask = (feed: string, body: string): Promise<Response> =>
      open.ask(`/v1/feeds/${feed}/messages`, { method: 'POST', body })
    expect((await ask('anp-site', '')).status).toBe(400)
    expect((await openEngines.log.topics()).some((topic) => topic.name === 'wire.anp-site')).toBe(false)
    const answers = await Promise.all([ask('anp-site', 'a'), ask('anp-site', 'b'), ask('anp-site', 'c')])
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202])
    expect(told).toEqual(['anp-site'])
    expect((await ask('NOT A FEED', 'x')).status).toBe(400)
  } finally {
    await open.stop()
    await openEngines.close()
    await rm(openDir, { recursive: true, force: true })
  }
})
