import { feedOfTopic } from '@dateline/runtime'
import { parsePosition } from '@dateline/story'
import type { FastifyInstance } from 'fastify'
import { callerOf, type Door } from '../door.ts'
import { Problem } from '../problem.ts'
import { positionOfReceipt, receiptId } from '../receipt-id.ts'
import type { Receipt } from '../receipt-index.ts'

/** What became of wire messages, item by item. */
export function receiptRoutes(server: FastifyInstance, door: Door): void {
  server.get<{ Params: { id: string } }>('/v1/receipts/:id', async (request, reply) => {
    const caller = callerOf(door, request)
    const position = positionOfReceipt(request.params.id)
    const feed = position === null ? null : feedOfTopic(parsePosition(position)?.topic ?? '')
    if (position === null || feed === null)
      throw new Problem(
        404,
        'No such receipt',
        `"${request.params.id}" is no receipt: use the id that a push was answered with.`,
      )
    if (!caller.mayPush(feed) && !caller.isReader)
      throw new Problem(403, 'Forbidden', `The key "${caller.id}" is not for the feed ${feed}.`)
    const waitSeconds = Math.min(Number(/\bwait=(\d{1,3})\b/.exec(String(request.headers.prefer ?? ''))?.[1] ?? 0), 60)
    const receipt =
      waitSeconds > 0 ? await door.receipts.settled(position, waitSeconds * 1_000) : door.receipts.get(position)
    if (receipt === null)
      return reply.send({ receipt: request.params.id, feed, state: 'pending', position, outcomes: [] })
    return reply.send(receiptBody(receipt))
  })

  server.get<{ Params: { feed: string }; Querystring: { outcome?: string; after?: string; limit?: string } }>(
    '/v1/feeds/:feed/receipts',
    async (request, reply) => {
      const caller = callerOf(door, request)
      const { feed } = request.params
      if (!caller.mayPush(feed))
        throw new Problem(403, 'Forbidden', `The key "${caller.id}" is not for the feed ${feed}.`)
      const after = request.query.after === undefined ? null : positionOfReceipt(request.query.after)
      const limit = Math.min(Math.max(Number(request.query.limit ?? 100) || 100, 1), 500)
      const found = door.receipts.ofFeed(feed, {
        limit,
        ...(request.query.outcome === undefined ? {} : { outcome: request.query.outcome }),
        ...(after === null ? {} : { after }),
      })
      return reply.send({ receipts: found.map(receiptBody) })
    },
  )
}

export function receiptBody(receipt: Receipt) {
  return {
    receipt: receiptId(receipt.position),
    feed: receipt.feed,
    state: receipt.isSettled ? 'settled' : 'pending',
    position: receipt.position,
    receivedAt: receipt.receivedAt,
    items: receipt.items,
    outcomes: receipt.outcomes
      .filter((outcome) => outcome !== null)
      .map(({ outcome, reason, detail, storyKey, eventId, storySeq, version, position }) => ({
        item: Number(position.slice(position.lastIndexOf('#') + 1)),
        outcome,
        reason,
        detail,
        storyKey,
        eventId,
        storySeq,
        version,
      })),
  }
}
