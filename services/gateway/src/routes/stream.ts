import type { ServerResponse } from 'node:http'
import type { Logger, Metrics } from '@dateline/runtime'
import { type Cursor, formatCursor } from '../cursor.ts'
import type { Page } from '../merge-page.ts'
import type { StoryWindow } from '../story-window.ts'

export interface StreamOptions {
  readonly stories: StoryWindow
  /** Aborts when the gateway stops. */
  readonly stopping: AbortSignal
  readonly metrics: Metrics
  readonly log: Logger
  readonly mayRead: (supplier: string) => boolean
  /** A reader that takes nothing for so long is disconnected: it comes back with its cursor. */
  readonly patienceMs?: number
}

const commentEveryMs = 15_000
const storiesPerWrite = 100

/**
 * Server-sent events: what there is from the cursor on, then what comes. `id:` is the cursor behind each event; it is also sent alone, at
 * the beginning and with the comments, so that a reader of few stories comes back to where it is. Never rejects.
 */
export async function streamStories(response: ServerResponse, from: Cursor, options: StreamOptions): Promise<void> {
  const { stories, metrics, patienceMs = 60_000 } = options
  const over = new AbortController()
  const end = (): void => over.abort()
  response.on('close', end).on('error', end)
  options.stopping.addEventListener('abort', end)
  metrics.streams.inc()
  try {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    })
    response.write(`retry: 2000\nid: ${formatCursor(from)}\n\n`)
    let cursor = from
    let told = from
    let writtenAtMs = performance.now()
    while (!over.signal.aborted && !options.stopping.aborted) {
      // Counted before the page is read, so that nothing new is missed between the two.
      const { arrivals } = stories
      const page = await stories.page(cursor, storiesPerWrite)
      // No longer kept: the reader comes back and is told from where it can go on.
      if (page === null) break
      cursor = page.next
      const bytes = eventsOf(page, options.mayRead)
      const silentMs = performance.now() - writtenAtMs
      if (bytes !== null) {
        told = cursor
        if (!response.write(bytes) && !(await drained(response, patienceMs, over.signal))) break
        writtenAtMs = performance.now()
      } else if (silentMs >= commentEveryMs) {
        response.write(told === cursor ? ':\n\n' : `id: ${formatCursor(cursor)}\n\n`)
        told = cursor
        writtenAtMs = performance.now()
      }
      if (!page.more)
        await stories.arrived(arrivals, {
          waitMs: Math.max(0, commentEveryMs - (performance.now() - writtenAtMs)),
          signal: over.signal,
        })
    }
  } catch (error) {
    options.log.warn('A stream of stories ended', { err: error })
  } finally {
    metrics.streams.dec()
    options.stopping.removeEventListener('abort', end)
    if (response.writableNeedDrain) response.destroy()
    else response.end()
  }
}

/** The last event carries the page's cursor, which may be further than its own. null where there is nothing for this reader. */
function eventsOf(page: Page, mayRead: (supplier: string) => boolean): Buffer | null {
  const readable = page.entries.filter(({ entry }) => mayRead(entry.supplier))
  if (readable.length === 0) return null
  const parts = readable.flatMap(({ entry, after }, at) => {
    const cursor = formatCursor(at === readable.length - 1 ? page.next : after)
    return [Buffer.from(`id: ${cursor}\nevent: ${entry.type}\ndata: `), entry.event, endOfEvent]
  })
  return Buffer.concat(parts)
}

const endOfEvent = Buffer.from('\n\n')

/** False when the reader is gone, or took nothing in time. */
function drained(response: ServerResponse, patienceMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isDrained: boolean) => (): void => {
      clearTimeout(timer)
      response.removeListener('drain', drain)
      signal.removeEventListener('abort', gone)
      resolve(isDrained)
    }
    const drain = settle(true)
    const gone = settle(false)
    const timer = setTimeout(gone, patienceMs)
    response.on('drain', drain)
    signal.addEventListener('abort', gone)
    if (signal.aborted) gone()
  })
}
