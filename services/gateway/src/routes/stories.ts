import { partitionOf } from '@dateline/ports'
import { readPartition, storyPartitions } from '@dateline/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Cursor, formatCursor, parseCursor } from '../cursor.ts'
import { callerOf, type Door } from '../door.ts'
import type { Caller } from '../keys.ts'
import { Problem } from '../problem.ts'
import { type StoryEntry, storyEntry } from '../story-entry.ts'
import type { StoryWindow } from '../story-window.ts'
import { streamStories } from './stream.ts'

const mostPerPage = 500

/** Published stories: by cursor, as a stream, and by key. */
export function storyRoutes(server: FastifyInstance, door: Door): void {
  const { stories } = door
  const historyOf = createHistory(door)

  server.get<{ Querystring: { after?: string; limit?: string } }>('/v1/stories', async (request, reply) => {
    const caller = readerOf(door, request)
    const cursor = await cursorFrom(stories, request.query.after ?? 'start')
    const page = (await stories.page(cursor, limitOf(request.query.limit))) ?? (await refuseOld(stories))
    const readable = page.entries.filter(({ entry }) => caller.mayRead(entry.supplier))
    // The documents travel as they stand: parsed by nobody on the way.
    const parts = readable.flatMap(({ entry }, at) => (at === 0 ? [entry.event] : [comma, entry.event]))
    const tail = `],"next":${JSON.stringify(formatCursor(page.next))},"more":${page.more}}`
    return reply
      .type('application/json')
      .send(Buffer.concat([Buffer.from('{"stories":['), ...parts, Buffer.from(tail)]))
  })

  server.get<{ Querystring: { after?: string } }>('/v1/stories/stream', async (request, reply) => {
    const caller = readerOf(door, request)
    const wanted = request.headers['last-event-id'] ?? request.query.after
    const isGiven = typeof wanted === 'string' && wanted !== ''
    const cursor = await cursorFrom(stories, isGiven ? wanted : 'now')
    reply.hijack()
    await streamStories(reply.raw, cursor, {
      stories,
      stopping: door.stopping,
      metrics: door.metrics,
      log: door.context.log,
      mayRead: caller.mayRead,
    })
  })

  server.get<{ Params: { key: string } }>('/v1/stories/:key', async (request, reply) => {
    const caller = readerOf(door, request)
    const newest = stories.newestOf(request.params.key) ?? (await historyOf(request.params.key)).at(-1)
    if (newest === undefined || !caller.mayRead(newest.supplier)) throw noStory(request.params.key)
    return reply.type('application/cloudevents+json').send(newest.event)
  })

  server.get<{ Params: { key: string } }>('/v1/stories/:key/history', async (request, reply) => {
    const caller = readerOf(door, request)
    const events = (await historyOf(request.params.key)).filter((entry) => caller.mayRead(entry.supplier))
    if (events.length === 0) throw noStory(request.params.key)
    return reply
      .type('application/json')
      .send(`{"events":[${events.map((entry) => entry.event.toString()).join(',')}]}`)
  })
}

const comma = Buffer.from(',')

function limitOf(text: string | undefined): number {
  if (text === undefined) return 100
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1)
    throw new Problem(400, 'Bad limit', `"${text}" is no limit: give a number from 1 to ${mostPerPage}.`)
  return Math.min(limit, mostPerPage)
}

function readerOf(door: Door, request: FastifyRequest): Caller {
  const caller = callerOf(door, request)
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
    `There is no event of ${key} in what the log keeps and this key may read: check the story key, it is <supplier>:<id>. One that is held under embargo has none yet (dateline story ${key} --received).`,
  )

async function cursorFrom(stories: StoryWindow, text: string): Promise<Cursor> {
  if (text === 'now') return stories.latest()
  if (text === 'start') return stories.earliest()
  const cursor = parseCursor(text, storyPartitions)
  if (cursor === null)
    throw new Problem(400, 'Bad cursor', 'The cursor is none that this gateway gave: begin with after=start.')
  return (await stories.reaches(cursor)) ? cursor : refuseOld(stories)
}

async function refuseOld(stories: StoryWindow): Promise<never> {
  throw new Problem(
    410,
    'Cursor too old',
    'Stories after this cursor are no longer kept: begin again with the earliest cursor.',
    { extra: { earliest: formatCursor(await stories.earliest()) } },
  )
}

/**
 * All events of a story that the log keeps, oldest first. Reads whole partitions, so one look at a time. A story without a supplier's id
 * lies where its feed's name says: the key's own partition is only the first guess.
 */
function createHistory(door: Door): (key: string) => Promise<readonly StoryEntry[]> {
  let last: Promise<unknown> = Promise.resolve()
  return (key) => {
    const found = last.then(() => look(key))
    last = found.catch(() => {})
    return found
  }

  async function look(key: string): Promise<readonly StoryEntry[]> {
    const guess = partitionOf(key, storyPartitions)
    const others = Array.from({ length: storyPartitions }, (_unused, partition) => partition).filter(
      (partition) => partition !== guess,
    )
    const wanted = Buffer.from(key)
    for (const partition of [guess, ...others]) {
      const found: StoryEntry[] = []
      for await (const record of readPartition(door.context.engines.log, 'stories', partition))
        if (record.key?.equals(wanted)) found.push(storyEntry(record))
      if (found.length > 0) return found
    }
    return []
  }
}
