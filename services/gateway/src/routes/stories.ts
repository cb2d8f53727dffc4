import { once } from 'node:events'
import type { LogRecord } from '@dateline/ports'
import { readPartition, storyPartitions } from '@dateline/runtime'
import { structuredEvent } from '@dateline/story'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Cursor, formatCursor, parseCursor } from '../cursor.ts'
import { callerOf, type Door } from '../door.ts'
import type { Caller } from '../keys.ts'
import { Problem } from '../problem.ts'

const mostPerPage = 500
const commentEveryMs = 15_000

/** Published stories: by cursor, as a stream, and by key. */
export function storyRoutes(server: FastifyInstance, door: Door): void {
  server.get<{ Querystring: { after?: string; limit?: string } }>('/v1/stories', async (request, reply) => {
    const caller = readerOf(door, callerOf(door, request))
    const limit = Math.min(Math.max(Number(request.query.limit ?? 100) || 100, 1), mostPerPage)
    const cursor = await cursorFrom(door, request.query.after ?? 'start')
    const page = await door.stories.page(cursor, limit)
    const next = formatCursor(page.at(-1)?.after ?? cursor)
    const stories = page.filter(({ record }) => mayRead(caller, record)).map(({ record }) => structuredEvent(record))
    // The documents travel as they stand: parsed by nobody on the way.
    return reply
      .type('application/json')
      .send(`{"stories":[${stories.join(',')}],"next":${JSON.stringify(next)},"more":${page.length === limit}}`)
  })

  server.get<{ Querystring: { after?: string } }>('/v1/stories/stream', async (request, reply) => {
    const caller = readerOf(door, callerOf(door, request))
    const wanted = request.headers['last-event-id'] ?? request.query.after
    const cursor =
      typeof wanted === 'string' && wanted !== '' && wanted !== 'now'
        ? await cursorFrom(door, wanted)
        : door.stories.latest()
    reply.hijack()
    await stream(door, caller, cursor, reply)
  })

  server.get<{ Params: { key: string } }>('/v1/stories/:key', async (request, reply) => {
    const caller = readerOf(door, callerOf(door, request))
    const newest = (await historyOf(door, caller, request.params.key)).at(-1)
    if (newest === undefined) throw noStory(request.params.key)
    return reply.type('application/cloudevents+json').send(structuredEvent(newest))
  })

  server.get<{ Params: { key: string } }>('/v1/stories/:key/history', async (request, reply) => {
    const caller = readerOf(door, callerOf(door, request))
    const events = await historyOf(door, caller, request.params.key)
    if (events.length === 0) throw noStory(request.params.key)
    return reply
      .type('application/json')
      .send(`{"events":[${events.map((record) => structuredEvent(record)).join(',')}]}`)
  })
}

function readerOf(_door: Door, caller: Caller): Caller {
  if (caller.isReader) return caller
  throw new Problem(
    403,
    'Forbidden',
    `The key "${caller.id}" may not read stories: use a reader's key (\`dateline keys create --reader NAME\`).`,
  )
}

const noStory = (key: string): Problem =>
  new Problem(
    404,
    'No such story',
    `There is no event of ${key} in what the log keeps: check the key, it is <supplier>:<id>.`,
  )

async function cursorFrom(door: Door, text: string): Promise<Cursor> {
  const earliest = await door.stories.earliest()
  if (text === 'start') return earliest
  const cursor = parseCursor(text, storyPartitions)
  if (cursor === null)
    throw new Problem(400, 'Bad cursor', 'The cursor is none that this gateway gave: begin with after=start.')
  if (
    cursor.logId !== earliest.logId ||
    cursor.next.some((offset, partition) => offset < (earliest.next[partition] ?? 0))
  ) {
    throw new Problem(
      410,
      'Cursor too old',
      'Stories after this cursor are no longer kept: begin again with the earliest cursor.',
      { extra: { earliest: formatCursor(earliest) } },
    )
  }
  return cursor
}

/** Writes what there is, then what comes. A reader that does not take it for a minute is disconnected: it comes back with its cursor. */
async function stream(door: Door, caller: Caller, from: Cursor, reply: FastifyReply): Promise<void> {
  const response = reply.raw
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, door.stopping])
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write(`: dateline\nretry: 2000\n\n`)
  const comment = setInterval(() => response.write(': \n\n'), commentEveryMs)
  door.metrics.streams.inc()
  try {
    let cursor = from
    while (!signal.aborted) {
      // Asked for before the page is read, so that nothing new is missed between the two.
      const news = door.stories.news(signal)
      const page = await door.stories.page(cursor, 100)
      let text = ''
      for (const { record, after } of page) {
        cursor = after
        if (mayRead(caller, record))
          text += `id: ${formatCursor(after)}\nevent: ${headerText(record, 'ce_type') ?? 'message'}\ndata: ${structuredEvent(record)}\n\n`
      }
      if (text !== '' && !response.write(text))
        await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]) })
      if (page.length === 0) await news
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError' && (error as Error).name !== 'TimeoutError')
      door.context.log.warn('A stream of stories ended', { err: error })
  } finally {
    clearInterval(comment)
    door.metrics.streams.dec()
    response.end()
  }
}

/** All events of a story that the log keeps, oldest first. The partition is not computed: items without a supplier's id lie elsewhere. */
async function historyOf(door: Door, caller: Caller, key: string): Promise<readonly LogRecord[]> {
  const found: LogRecord[] = []
  for (let partition = 0; partition < storyPartitions; partition += 1) {
    for await (const record of readPartition(door.context.engines.log, 'stories', partition)) {
      if (record.key?.toString('utf8') === key && mayRead(caller, record)) found.push(record)
    }
    if (found.length > 0) break
  }
  return found
}

const mayRead = (caller: Caller, record: LogRecord): boolean =>
  caller.isOperator || caller.mayRead(headerText(record, 'ce_supplier') ?? '')

function headerText(record: LogRecord, name: string): string | undefined {
  return record.headers.find(([header]) => header === name)?.[1].toString('utf8')
}
