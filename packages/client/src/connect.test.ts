import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { connect, type FollowedEvent, newestOnly, Refusal, Unreachable } from './index.ts'

let server: Server | null = null

afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = null
})

async function door(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Promise<string> {
  server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    answer(request, response, Buffer.concat(parts))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

describe('push', () => {
  it('sends the bytes as they are, the key, and names that are not ASCII', async () => {
    const seen: [IncomingMessage, Buffer][] = []
    const url = await door((request, response, body) => {
      seen.push([request, body])
      json(response, 202, { receipt: 'rcp_1', lane: 'flash' })
    })
    const bytes = Buffer.from([0, 255, 13, 10])
    const client = connect({ url: `${url}/`, key: 'dl_k' })
    expect(
      await client.push('anp-newsml', bytes, {
        contentType: 'text/xml',
        name: 'één.xml',
        idempotencyKey: 'ref',
        flash: true,
      }),
    ).toMatchObject({ receipt: 'rcp_1', lane: 'flash' })
    const [request, body] = seen[0] ?? []
    expect(body).toEqual(bytes)
    expect(request).toMatchObject({ method: 'POST', url: '/v1/feeds/anp-newsml/messages' })
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer dl_k',
      'content-type': 'text/xml',
      'dateline-name': '%C3%A9%C3%A9n.xml',
      'idempotency-key': 'ref',
      'dateline-lane': 'flash',
    })
  })

  it('rejects with the problem that the door tells', async () => {
    const problem = { type: 'about:blank', status: 503, detail: 'The log is away.' }
    const url = await door((_request, response) => json(response, 503, problem, { 'retry-after': '5' }))
    const refusal = connect({ url, key: 'k' }).push('anp-newsml', Buffer.from('x'))
    await expect(refusal).rejects.toBeInstanceOf(Refusal)
    await expect(refusal).rejects.toMatchObject({
      status: 503,
      message: 'The log is away.',
      retryAfterSeconds: 5,
      problem,
    })
  })

  it('rejects with the status where a stranger answers', async () => {
    const url = await door((_request, response) => response.writeHead(502).end('<html>Bad gateway</html>'))
    await expect(connect({ url, key: 'k' }).receipt('rcp_1')).rejects.toMatchObject({ status: 502, problem: {} })
  })

  it('says where it looked when nothing answers', async () => {
    const refusal = connect({ url: 'http://127.0.0.1:1', key: 'k' }).receipt('rcp_1')
    await expect(refusal).rejects.toBeInstanceOf(Unreachable)
    await expect(refusal).rejects.toThrow('Nothing answers at http://127.0.0.1:1')
  })

  it('does not take a header that cannot be sent for a door that does not answer', async () => {
    const client = connect({ url: 'http://127.0.0.1:1', key: 'k' })
    await expect(client.push('f', Buffer.from('x'), { idempotencyKey: 'één – 1' })).rejects.toBeInstanceOf(TypeError)
  })
})

it('waits for the outcomes of a receipt by asking again', async () => {
  const waits: unknown[] = []
  const url = await door((request, response) => {
    waits.push(request.headers.prefer)
    json(response, 200, { receipt: 'rcp_1', feed: 'f', state: waits.length < 3 ? 'pending' : 'settled', outcomes: [] })
  })
  const state = await connect({ url, key: 'k' }).waitForOutcomes('rcp_1', 40_000)
  expect([state.state, waits.length]).toEqual(['settled', 3])
  expect(waits[0]).toBe('wait=30')
})

describe('follow', () => {
  const event = (id: string, seq: number): string =>
    `id: ${id}\nevent: dateline.story.updated\ndata: ${JSON.stringify({ subject: 'anp:1', storyseq: seq })}\n\n`

  it('comes back with the last cursor it was told, by an event or alone, and after a 503', async () => {
    const asked: string[] = []
    const url = await door((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(asked.length === 2 ? 503 : 200, { 'content-type': 'text/event-stream' })
      if (asked.length === 1) response.end('retry: 2000\nid: c0\n\n')
      if (asked.length === 2) response.end()
      // An event cut in two, and half an event at the break.
      if (asked.length === 3) {
        response.write(event('c1', 1).slice(0, 30))
        setTimeout(() => response.end(`${event('c1', 1).slice(30)}${event('c2', 2).slice(0, 40)}`), 20)
      }
      if (asked.length === 4) response.write(`:\n\n${event('c2', 2)}id: c9\n\n`)
    })
    const seen: FollowedEvent[] = []
    const stop = new AbortController()
    for await (const followed of connect({ url, key: 'k' }).follow({ signal: stop.signal })) {
      seen.push(followed)
      if (seen.length === 2) stop.abort()
    }
    expect(seen.map(({ storyseq, cursor }) => [storyseq, cursor])).toEqual([
      [1, 'c1'],
      [2, 'c2'],
    ])
    expect(asked).toEqual([
      '/v1/stories/stream',
      '/v1/stories/stream?after=c0',
      '/v1/stories/stream?after=c0',
      '/v1/stories/stream?after=c1',
    ])
  })

  it('ends quietly when it is called off, also while nobody answers', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    const seen: unknown[] = []
    for await (const followed of connect({ url: 'http://127.0.0.1:1', key: 'k' }).follow({ signal: stop.signal }))
      seen.push(followed)
    expect(seen).toEqual([])
  })
})

/** The example that the doc comment of `connect` shows; this copy is checked by the compiler, and by the test below word for word. */
async function example(
  key: string,
  lastCursor: string | undefined,
  keep: (storyKey: string, document: FollowedEvent['data']) => Promise<void>,
  remember: (cursor: string) => Promise<void>,
): Promise<void> {
  // begin
  const client = connect({ url: 'http://127.0.0.1:8787', key })
  const isNewest = newestOnly()
  for await (const event of client.follow({ after: lastCursor ?? 'start' })) {
    if (isNewest(event)) await keep(event.subject, event.data)
    await remember(event.cursor)
  }
  // end
}

it('shows an example that compiles', () => {
  expect(example).toBeTypeOf('function')
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
  const compiled = /\/\/ begin\n([\s\S]*?) *\/\/ end/.exec(read('./connect.test.ts'))?.[1]?.replace(/^ {2}/gm, '')
  const shown = /@example\n([\s\S]*?) \*\//.exec(read('./connect.ts'))?.[1]?.replace(/^ \* /gm, '')
  expect(shown).toBe(compiled)
})
