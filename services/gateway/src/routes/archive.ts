import { type ArchivedObject, absenceOf, findArchived, findStory, listArchive } from '@dateline/archive'
import { feedFrom } from '@dateline/runtime'
import { formatPosition, parsePosition, positionOfReceipt, receiptId } from '@dateline/story'
import type { FastifyInstance } from 'fastify'
import type { Door } from '../door.ts'
import { Problem, unknownFeed } from '../problem.ts'
import { operatorOf } from './operator.ts'

const mostAtOnce = 1_000
const dayMs = 86_400_000

/** The raw bytes, for operators: what objects there are, in which messages a story came, and one message. */
export function archiveRoutes(server: FastifyInstance, door: Door): void {
  const { engines, settings } = door.context

  server.get<{ Querystring: Readonly<Record<string, string>> }>('/v1/archive/objects', async (request, reply) => {
    operatorOf(door, request)
    const { feed = '', day, limit } = request.query
    if (door.feeds.get(feed) === undefined) throw unknownFeed(door.feeds, feed)
    const most = limitOf(limit)
    const objects: ArchivedObject[] = []
    for await (const object of listArchive(engines.archive, { feed, ...dayOf(day) })) {
      if (objects.length === most) return reply.send({ objects, isMore: true })
      objects.push(object)
    }
    return reply.send({ objects, isMore: false })
  })

  server.get<{ Querystring: Readonly<Record<string, string>> }>('/v1/archive/messages', async (request, reply) => {
    operatorOf(door, request)
    const { story = '', version } = request.query
    const supplier = story.slice(0, Math.max(0, story.indexOf(':')))
    if (supplier === '') throw new Problem(400, 'No story', 'Say which, as `?story=anp:ANPX-101218-041`.')
    let unindexed = 0
    const messages = []
    // By the indexes alone: to look for stories in whole objects takes a processor that the live wire needs.
    for await (const { record, mention, key, topic, logId, partition } of findStory(engines.archive, story, {
      isOf: (feed) => feedFrom(feed, settings).supplier === supplier,
      storiesIn: null,
      onUnindexed: () => {
        unindexed += 1
      },
      ...(version === undefined ? {} : { version }),
    })) {
      const position = formatPosition({ topic, logId, partition, offset: record.offset })
      messages.push({
        position,
        receipt: receiptId(position),
        item: mention.item,
        ...(mention.version === undefined ? {} : { version: mention.version }),
        receivedAt: new Date(record.timeMs).toISOString(),
        bytes: record.value?.byteLength ?? 0,
        object: key,
      })
    }
    return reply.send({ messages, unindexed })
  })

  server.get<{ Params: { id: string } }>('/v1/archive/messages/:id', async (request, reply) => {
    operatorOf(door, request)
    const { id } = request.params
    const position = parsePosition(id.startsWith('rcp_') ? (positionOfReceipt(id) ?? '') : id)
    const found = position && (await findArchived(engines.archive, position))
    if (!found) {
      const why = position === null ? 'is neither a receipt nor a position' : await absenceOf(engines.archive, position)
      throw new Problem(404, 'Not archived', `${id.slice(0, 700)} ${why}.`)
    }
    const { record, key } = found
    // Whatever a sender put there: nothing may read it as a page.
    return reply
      .type('application/octet-stream')
      .header('x-content-type-options', 'nosniff')
      .header('content-disposition', 'attachment')
      .header('dateline-received-at', new Date(record.timeMs).toISOString())
      .header('dateline-archive-object', key)
      .send(record.value ?? Buffer.alloc(0))
  })
}

function dayOf(day: string | undefined): { readonly sinceMs?: number; readonly untilMs?: number } {
  if (day === undefined) return {}
  const sinceMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(sinceMs)) throw new Problem(400, 'Bad day', `"${day}" is no day: write it as 2026-11-24.`)
  return { sinceMs, untilMs: sinceMs + dayMs }
}

function limitOf(given: string | undefined): number {
  if (given === undefined) return mostAtOnce
  const limit = Number(given)
  if (Number.isInteger(limit) && limit >= 1) return Math.min(limit, mostAtOnce)
  throw new Problem(400, 'Bad limit', `"${given}" is no limit: give a number from 1 to ${mostAtOnce}.`)
}
