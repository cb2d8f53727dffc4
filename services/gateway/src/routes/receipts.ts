import { TransientFault } from '@dateline/ports'
import { feedOfTopic } from '@dateline/runtime'
import { parsePosition, positionOfReceipt, receiptId } from '@dateline/story'
import type { FastifyInstance } from 'fastify'
import { callerOf, type Door } from '../door.ts'
import type { Caller } from '../keys.ts'
import { preferredWaitMs } from '../prefer-wait.ts'
import { notForFeed, Problem, unknownFeed } from '../problem.ts'
import type { Receipt } from '../receipt-index.ts'

const mostPerPage = 500

/** What became of wire messages, item by item. */
export function receiptRoutes(server: FastifyInstance, door: Door): void {
  server.get<{ Params: { id: string } }>('/v1/receipts/:id', async (request, reply) => {
    const caller = callerOf(door, request)
    const { id } = request.params
    const position = positionOfReceipt(id)
    const feed = position === null ? null : feedOfTopic(parsePosition(position)?.topic ?? '')
    if (position === null || feed === null) throw noReceipt(id, 'use the id that a push was answered with')
    if (!maySee(door, caller, feed)) throw notForFeed(caller.id, feed)
    const waitMs = preferredWaitMs(request.headers.prefer)
    const known = await door.receipts.settled(position, waitMs, door.stopping)
    if (known === null && (await isGone(door, position)))
      throw noReceipt(id, 'the message is not in the log, or too old for this gateway: ask `dateline audit`')
    return reply.send(receiptBody(known ?? pending(position, feed)))
  })

  server.get<{ Params: { feed: string }; Querystring: { outcome?: string; after?: string; limit?: string } }>(
    '/v1/feeds/:feed/receipts',
    async (request, reply) => {
      const caller = callerOf(door, request)
      const { feed } = request.params
      if (!maySee(door, caller, feed)) throw notForFeed(caller.id, feed)
      if (door.feeds.get(feed) === undefined) throw unknownFeed(door.feeds, feed)
      const { outcome, after } = request.query
      const behind = after === undefined ? null : positionOfReceipt(after)
      if (after !== undefined && behind === null)
        throw new Problem(400, 'Bad receipt', `"${after}" is no receipt: give the \`next\` of the page before.`)
      const found = door.receipts.ofFeed(feed, {
        limit: Math.min(Math.max(Math.trunc(Number(request.query.limit ?? 100)) || 100, 1), mostPerPage),
        ...(outcome === undefined ? {} : { outcome }),
        ...(behind === null ? {} : { after: behind }),
      })
      const receipts = found.map(receiptBody)
      return reply.send({ receipts, next: receipts.at(-1)?.receipt ?? after ?? null })
    },
  )
}

/** The agency that pushes the feed, and who may read its supplier. */
const maySee = (door: Door, caller: Caller, feed: string): boolean => {
  const supplier = door.feeds.get(feed)?.supplier
  return caller.mayPush(feed) || (supplier !== undefined && caller.mayRead(supplier))
}

const noReceipt = (id: string, advice: string): Problem =>
  new Problem(404, 'No such receipt', `There is no receipt ${id.slice(0, 700)}: ${advice}.`)

const pending = (position: string, feed: string): Receipt => ({
  position,
  feed,
  receivedAt: '',
  reference: undefined,
  items: null,
  outcomes: [],
  isSettled: false,
})

/** Whether a message that the index does not know never was, or came before what the index remembers. While the log is away: no. */
async function isGone(door: Door, position: string): Promise<boolean> {
  const at = parsePosition(position)
  if (at === null) return true
  const { log } = door.context.engines
  try {
    const [info] = await log.topics([at.topic])
    if (info?.logId !== at.logId || at.partition >= info.partitions) return true
    const [record] = await log.read(at.topic, at.partition, at.offset, { maxRecords: 1 })
    return record?.offset !== at.offset || record.timeMs <= door.receipts.forgottenUpToMs()
  } catch (error) {
    if (error instanceof TransientFault) return false
    throw error
  }
}

export function receiptBody(receipt: Receipt) {
  const { position, feed, receivedAt, reference, items, outcomes, isSettled } = receipt
  return {
    receipt: receiptId(position),
    feed,
    state: isSettled ? 'settled' : 'pending',
    position,
    ...(receivedAt === '' ? {} : { receivedAt }),
    ...(reference === undefined ? {} : { reference }),
    items,
    outcomes: outcomes.flatMap((outcome, item) => (outcome === null ? [] : [{ item, ...outcome }])),
  }
}
