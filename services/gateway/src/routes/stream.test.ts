import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '@dateline/ports/contracts'
import { createMetrics, silentLogger } from '@dateline/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cursor } from '../cursor.ts'
import type { Page } from '../merge-page.ts'
import type { StoryWindow } from '../story-window.ts'
import { streamStories } from './stream.ts'

const from: Cursor = { logId: 'log', next: Array.from({ length: 12 }, () => 0) }
let server: Server | null = null

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Stories without end, a megabyte a page; counts the pages that were asked for. */
function endless(): { readonly stories: StoryWindow; pages: number } {
  const unused = async (): Promise<never> => {
    throw new Error('not asked for')
  }
  const asked = {
    pages: 0,
    stories: {
      start: unused,
      stop: unused,
      earliest: unused,
      latest: () => from,
      reaches: unused,
      newestOf: () => undefined,
      arrivals: 0,
      arrived: unused,
      async page(cursor: Cursor): Promise<Page> {
        asked.pages += 1
        const entry = {
          partition: 0,
          offset: asked.pages,
          timeMs: 0,
          key: 'k',
          supplier: 'anp',
          type: 'x',
          event: Buffer.alloc(1_000_000, 'x'),
        }
        return { entries: [{ entry, after: cursor }], next: cursor, more: true }
      },
    },
  }
  return asked
}

async function openPaused(
  stories: StoryWindow,
  patienceMs: number,
): Promise<{ message: IncomingMessage; streaming: Promise<void> }> {
  const streaming = Promise.withResolvers<void>()
  server = createServer((_request, response) => {
    streamStories(response, from, {
      stories,
      stopping: new AbortController().signal,
      metrics: createMetrics(),
      log: silentLogger,
      mayRead: () => true,
      patienceMs,
    }).then(streaming.resolve, streaming.reject)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asking = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const [message] = (await once(asking, 'response')) as [IncomingMessage]
  message.on('error', () => {})
  message.pause()
  return { message, streaming: streaming.promise }
}

describe('a reader that takes nothing', () => {
  it('gets no further page until it takes what it has', async () => {
    const endlessly = endless()
    const { message, streaming } = await openPaused(endlessly.stories, 30_000)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const { pages } = endlessly
    expect(pages).toBeLessThan(30)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(endlessly.pages).toBe(pages)
    message.resume()
    await until('it goes on', () => endlessly.pages > pages + 10)
    message.destroy()
    await streaming
  })

  it('is disconnected when it does not for too long', async () => {
    const { message, streaming } = await openPaused(endless().stories, 200)
    await streaming
    const closed = new Promise((resolve) => message.on('close', resolve))
    message.resume()
    await closed
    expect(message.complete).toBe(false)
  })
})
