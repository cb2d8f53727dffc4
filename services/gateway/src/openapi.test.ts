import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { indexChain } from '@dateline/archive'
import { fillChain, message } from '@dateline/archive/testing'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createAcceptor } from './accept.ts'
import { createDoorkeeper, createKey } from './keys.ts'
import { createReceiptIndex } from './receipt-index.ts'
import { createServer } from './server.ts'
import { createStoryWindow } from './story-window.ts'
import { type Bench, contextOf, startGateway, storyRecord } from './testing/gateway-bench.ts'
import { positionBehind, receiptRecords } from './testing/receipts-of.ts'

const schemas = new URL('../../../schemas/', import.meta.url)
const id = 'https://dateline.example/schemas/v1/openapi.yaml'
const methods = new Set(['get', 'put', 'post', 'delete', 'patch'])

interface Response {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, unknown>>
}
interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, Response>>
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

let dir = ''
let engines: Engines
let bench: Bench
let api: OpenApi
let ajv: Ajv2020
const agency = createKey()

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-openapi-'))
  engines = await openEmbedded({ dir })
  bench = await startGateway(engines, {
    dataDir: dir,
    config: `suppliers: { anp: {} }\nfeeds: { anp-newsml: { supplier: anp } }\nkeys: [{ id: anp-1, sha256: ${agency.sha256}, feeds: [anp-newsml] }]`,
  })
  api = parse(await readFile(new URL('openapi.yaml', schemas), 'utf8')) as OpenApi
  ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  for (const file of await readdir(schemas))
    if (file.endsWith('.schema.json'))
      ajv.addSchema(JSON.parse(await readFile(new URL(file, schemas), 'utf8')) as object)
  ajv.addSchema(api, id)
})
afterAll(async () => {
  await bench.stop()
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

function schemaAt(...path: readonly string[]): ValidateFunction {
  const found = ajv.getSchema(`${id}#/${path.map(escaped).join('/')}`)
  if (found === undefined) throw new Error(`schemas/openapi.yaml has no schema at ${path.join(' / ')}`)
  return found
}

it('has every route of the door, and the door has every route of it', async () => {
  const context = await contextOf(engines, '', [])
  const routes: string[] = []
  createServer(
    {
      context,
      feeds: context.feeds,
      metrics: context.metrics,
      accept: createAcceptor(engines.log),
      receipts: createReceiptIndex(),
      stories: createStoryWindow(engines.log, { onFailed: () => {} }),
      callerOf: createDoorkeeper([]),
      stopping: new AbortController().signal,
    },
    {
      services: () => [],
      onRoute: (method, path) => void routes.push(`${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`),
    },
  )
  const documented = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => methods.has(method))
      .map((method) => `${method} ${path}`),
  )
  expect(routes.toSorted()).toEqual(documented.toSorted())
})

it('refers only to what there is, and every schema in it compiles', () => {
  const refs: string[] = []
  JSON.stringify(api, (key, value: unknown) => {
    if (key === '$ref') refs.push(String(value))
    return value
  })
  expect(refs.length).toBeGreaterThan(50)
  for (const ref of new Set(refs)) {
    const [, section, name] = /^#\/components\/(\w+)\/(\w+)$/.exec(ref) ?? []
    if (section !== undefined && name !== undefined) expect(api.components[section], ref).toHaveProperty(name)
    else expect(() => ajv.getSchema(new URL(ref, id).href), ref).not.toThrow()
  }
  for (const name of Object.keys(api.components.schemas ?? {})) schemaAt('components', 'schemas', name)
})

describe('an answer of the door is as it says', () => {
  /** Looks the answer up by path, method, status and type; fails where there is none. */
  async function check(
    path: string,
    url: string,
    init: Parameters<Bench['ask']>[1] & { readonly status: number },
  ): Promise<Record<string, unknown>> {
    const { status, ...request } = init
    const response = await bench.ask(url, request)
    expect(response.status, url).toBe(status)
    const method = (request.method ?? 'GET').toLowerCase()
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    const answer = api.paths[path]?.[method]?.responses[String(status)]
    const place = answer?.$ref?.slice('#/'.length).split('/') ?? ['paths', path, method, 'responses', String(status)]
    const validate = schemaAt(...place, 'content', type, 'schema')
    const body = (await response.json()) as Record<string, unknown>
    expect([validate(body), validate.errors]).toEqual([true, null])
    return body
  }
  const messages = '/v1/feeds/{feed}/messages'
  const push = { method: 'POST', body: '<x/>' }
  const post = { method: 'POST', body: '{}' }

  it.each([
    ['202', messages, '/v1/feeds/anp-newsml/messages', { ...push, status: 202 }],
    ['400', messages, '/v1/feeds/anp-newsml/messages', { ...push, body: '', status: 400 }],
    ['401', messages, '/v1/feeds/anp-newsml/messages', { ...push, key: 'x', status: 401 }],
    ['403', messages, '/v1/feeds/anp-site/messages', { ...push, key: agency.key, status: 403 }],
    ['404', messages, '/v1/feeds/anp-site/messages', { ...push, status: 404 }],
    ['413', messages, '/v1/feeds/anp-newsml/messages', { ...push, body: 'x'.repeat(9_000_000), status: 413 }],
    [
      '415',
      messages,
      '/v1/feeds/anp-newsml/messages',
      { ...push, headers: { 'content-encoding': 'gzip' }, status: 415 },
    ],
    ['no receipt', '/v1/receipts/{id}', '/v1/receipts/rcp_x', { status: 404 }],
    ['receipts', '/v1/feeds/{feed}/receipts', '/v1/feeds/anp-newsml/receipts', { status: 200 }],
    ['receipts of no feed', '/v1/feeds/{feed}/receipts', '/v1/feeds/x/receipts', { status: 404 }],
    ['no story', '/v1/stories/{key}', '/v1/stories/anp:none', { status: 404 }],
    ['no history', '/v1/stories/{key}/history', '/v1/stories/anp:none/history', { status: 404 }],
    ['a bad cursor', '/v1/stories', '/v1/stories?after=x', { status: 400 }],
    ['an old cursor', '/v1/stories', `/v1/stories?after=log_x${'.0'.repeat(12)}`, { status: 410 }],
    [
      'an old cursor, streamed',
      '/v1/stories/stream',
      `/v1/stories/stream?after=log_x${'.0'.repeat(12)}`,
      { status: 410 },
    ],
    ['rejects', '/v1/rejected', '/v1/rejected', { status: 200 }],
    ['rejects, for no operator', '/v1/rejected', '/v1/rejected', { key: agency.key, status: 403 }],
    ['rejects of no feed', '/v1/rejected', '/v1/rejected?feed=x', { status: 404 }],
    ['rejects for no reason', '/v1/rejected', '/v1/rejected?reason=x', { status: 400 }],
    ['rejected messages for no reason', '/v1/rejected/messages', '/v1/rejected/messages?reason=x', { status: 400 }],
    ['rejects since no time', '/v1/rejected', '/v1/rejected?since=x', { status: 400 }],
    ['rejected messages', '/v1/rejected/messages', '/v1/rejected/messages', { status: 200 }],
    ['no reject', '/v1/rejected/messages/{id}', '/v1/rejected/messages/rej_x', { status: 404 }],
    ['a retry', '/v1/rejected/retry', '/v1/rejected/retry', { ...post, status: 200 }],
    ['a retry of no feed', '/v1/rejected/retry', '/v1/rejected/retry', { ...post, body: '{"feed":"x"}', status: 404 }],
    [
      'a drop',
      '/v1/rejected/drop',
      '/v1/rejected/drop',
      { ...post, body: '{"why":"a drill","all":true}', status: 200 },
    ],
    [
      'a drop of whatever there is',
      '/v1/rejected/drop',
      '/v1/rejected/drop',
      { ...post, body: '{"why":"x"}', status: 400 },
    ],
    [
      'a drop by a slip of the pen',
      '/v1/rejected/drop',
      '/v1/rejected/drop',
      { ...post, body: '{"why":"x","all":true,"fed":"anp-newsml"}', status: 400 },
    ],
    [
      'a retry for no reason',
      '/v1/rejected/retry',
      '/v1/rejected/retry',
      { ...post, body: '{"reason":"x"}', status: 400 },
    ],
    [
      'a drop for no reason',
      '/v1/rejected/drop',
      '/v1/rejected/drop',
      { ...post, body: '{"why":"x","reason":"emtpy"}', status: 400 },
    ],
    ['a drop without a reason', '/v1/rejected/drop', '/v1/rejected/drop', { ...post, status: 400 }],
    ['replays', '/v1/replays', '/v1/replays', { status: 200 }],
    ['a replay of nothing', '/v1/replays', '/v1/replays', { ...post, status: 400 }],
    ['a body that is none', '/v1/replays', '/v1/replays', { ...post, body: '[1]', status: 400 }],
    ['a replay by no operator', '/v1/replays', '/v1/replays', { ...post, key: agency.key, status: 403 }],
    ['no replay', '/v1/replays/{id}', '/v1/replays/rpl_x', { status: 404 }],
    ['no replay to pause', '/v1/replays/{id}/pause', '/v1/replays/rpl_x/pause', { ...post, status: 404 }],
    ['archived objects', '/v1/archive/objects', '/v1/archive/objects?feed=anp-newsml', { status: 200 }],
    ['archived objects of no feed', '/v1/archive/objects', '/v1/archive/objects', { status: 404 }],
    ['archived objects of no day', '/v1/archive/objects', '/v1/archive/objects?feed=anp-newsml&day=x', { status: 400 }],
    ['archived messages', '/v1/archive/messages', '/v1/archive/messages?story=anp:1', { status: 200 }],
    ['archived messages of no story', '/v1/archive/messages', '/v1/archive/messages', { status: 400 }],
    [
      'archived messages, for no operator',
      '/v1/archive/messages',
      '/v1/archive/messages?story=anp:1',
      { key: agency.key, status: 403 },
    ],
    ['no archived message', '/v1/archive/messages/{id}', '/v1/archive/messages/rcp_x', { status: 404 }],
    ['health', '/health/ready', '/health/ready', { status: 200 }],
    ['life', '/health/live', '/health/live', { status: 200 }],
  ] as const)('%s', async (_name, path, url, init) => {
    await check(path, url, init)
  })

  it('receipts, pending and settled', async () => {
    const { receipt } = await check(messages, '/v1/feeds/anp-newsml/messages', { ...push, status: 202 })
    const url = `/v1/receipts/${String(receipt)}`
    await check('/v1/receipts/{id}', url, { status: 200 })
    const { read, decided } = receiptRecords(positionBehind(String(receipt)), { items: 2, reference: 'r' })
    await engines.log.append([read, decided])
    const settled = await check('/v1/receipts/{id}', url, { status: 200, headers: { prefer: 'wait=15' } })
    expect(settled.state).toBe('settled')
    await check('/v1/feeds/{feed}/receipts', '/v1/feeds/anp-newsml/receipts', { status: 200 })
  })

  it('a rejected message, and a replay on its way', async () => {
    const position = 'wire.anp-newsml@log_x/0/7'
    const meta = {
      feed: 'anp-newsml',
      reason: 'empty',
      step: 'withinSize',
      detail: 'x',
      attempt: '0',
      writer: 'normalizer',
    }
    const headers = JSON.stringify({ ...meta, position, receivedAt: '2026-01-20T08:00:00.000Z' })
    await engines.log.append([
      { topic: 'wire.rejected', key: position, value: 'x', headers: [['dateline-rejected', headers]] },
    ])
    const listed = await check('/v1/rejected/messages', '/v1/rejected/messages', { status: 200 })
    expect(listed.messages).toMatchObject([{ position, state: 'open' }])
    const [{ id: rejected } = { id: '' }] = listed.messages as { id: string }[]
    await check('/v1/rejected/messages/{id}', `/v1/rejected/messages/${rejected}`, { status: 200 })
    const started = await check('/v1/replays', '/v1/replays', {
      ...post,
      body: '{"name":"one","rejected":{}}',
      status: 201,
    })
    await check('/v1/replays', '/v1/replays', { ...post, body: '{"name":"one","rejected":{}}', status: 409 })
    const one = `/v1/replays/${String(started.id)}`
    await check('/v1/replays/{id}', one, { status: 200 })
    await check('/v1/replays/{id}/confirm', `${one}/confirm`, { ...post, status: 409 })
    await check('/v1/replays/{id}/pause', `${one}/pause`, { ...post, status: 200 })
    await check('/v1/replays/{id}/resume', `${one}/resume`, { ...post, status: 200 })
    const cancelled = await check('/v1/replays/{id}/cancel', `${one}/cancel`, { ...post, status: 200 })
    expect(cancelled.state).toBe('cancelled')
  })

  it('archived objects and messages, byte for byte', async () => {
    const chain = { topic: 'wire.anp-newsml', logId: 'log_x', partition: 0 }
    const records = [0, 1].map((offset) => ({ ...message(offset, `<p>${offset}</p>`), ...chain }))
    await fillChain(engines.archive, chain, [records])
    await indexChain(engines.archive, chain, {
      storiesIn: ({ offset }) => [{ item: 0, storyKey: 'anp:kast', version: String(offset) }],
    })
    const { objects } = await check('/v1/archive/objects', '/v1/archive/objects?feed=anp-newsml', { status: 200 })
    expect(objects).toMatchObject([{ base: 0, next: 2, count: 2 }])
    const asked = '/v1/archive/messages?story=anp:kast&version=1'
    const { messages } = await check('/v1/archive/messages', asked, { status: 200 })
    expect(messages).toMatchObject([{ position: 'wire.anp-newsml@log_x/0/1', version: '1', bytes: 8 }])
    const [{ receipt, position } = { receipt: '', position: '' }] = messages as { receipt: string; position: string }[]
    for (const name of [receipt, encodeURIComponent(position)]) {
      const response = await bench.ask(`/v1/archive/messages/${name}`)
      expect(response.headers.get('content-type')).toBe('application/octet-stream')
      expect(await response.text()).toBe('<p>1</p>')
    }
    expect((await bench.ask(`/v1/archive/messages/${receipt}`, { key: agency.key })).status).toBe(403)
  })

  it('stories', async () => {
    const standard = { name: 'ninjs', version: '3.1', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json' }
    const record = storyRecord({ key: 'anp:1' })
    const value = JSON.stringify({ uri: 'urn:x:1', pubStatus: 'usable', standard })
    await engines.log.append([{ ...record, value }])
    await until('it came', async () => (await bench.ask('/v1/stories/anp:1')).status === 200)
    await check('/v1/stories/{key}', '/v1/stories/anp:1', { status: 200 })
    await check('/v1/stories/{key}/history', '/v1/stories/anp:1/history', { status: 200 })
    const page = await check('/v1/stories', '/v1/stories', { status: 200 })
    expect(page.stories).toHaveLength(1)
  })
})
