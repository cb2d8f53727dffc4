import { TransientFault } from '@dateline/ports'
import { applyTopics, type Feed, isFeedName } from '@dateline/runtime'
import { receiptId } from '@dateline/story'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Arrival } from '../accept.ts'
import { callerOf, type Door } from '../door.ts'
import { preferredWaitMs } from '../prefer-wait.ts'
import { notForFeed, Problem, tooLarge, unknownFeed } from '../problem.ts'
import { receiptBody } from './receipts.ts'

/** How long a push may wait for the log before the sender is told to come back. */
const appendWithinMs = 5_000

/** Where the content type as sent is kept while Fastify sees one that it takes. */
const sentType = 'dateline-sent-content-type'

/** `POST /v1/feeds/{feed}/messages`: the body is the wire message, whatever its type. 202 only after the log acknowledged. */
export function messageRoutes(server: FastifyInstance, door: Door): void {
  server.post<{ Params: { feed: string } }>(
    '/v1/feeds/:feed/messages',
    { onRequest: async (request) => admit(door, request) },
    async (request, reply) => {
      const caller = callerOf(door, request)
      const bytes = request.body
      if (!Buffer.isBuffer(bytes) || bytes.byteLength === 0)
        throw new Problem(400, 'Empty message', 'The body is empty: send the wire message itself as the body.')
      const feed = door.feeds.get(request.params.feed) ?? (await open(request.params.feed))
      const accepted = await within(door.accept(feed, arrivalOf(request, bytes, caller.id)), appendWithinMs)
      if (accepted.kind === 'too-large') throw tooLarge(accepted.limitBytes)
      door.metrics.messages.inc({ feed: feed.name, lane: accepted.lane })

      const receipt = receiptId(accepted.position)
      const known = await door.receipts.settled(
        accepted.position,
        preferredWaitMs(request.headers.prefer),
        door.stopping,
      )
      reply.header('location', `/v1/receipts/${receipt}`)
      if (known?.isSettled) return reply.code(200).send({ ...receiptBody(known), lane: accepted.lane })
      return reply
        .code(202)
        .send({ receipt, feed: feed.name, lane: accepted.lane, bytes: bytes.byteLength, state: 'pending' })
    },
  )

  /** The topics come first: services join them when they hear of the feed. Two that open it at once open the same. */
  async function open(name: string): Promise<Feed> {
    await within(applyTopics(door.context.engines.log, [door.feeds.candidate(name)]), appendWithinMs)
    return door.feeds.add(name)
  }
}

/** Refuses before the body is read. Agencies send content types that are none; any is taken, and kept as it was sent. */
function admit(door: Door, request: FastifyRequest): void {
  const name = (request.params as { feed: string }).feed
  const caller = callerOf(door, request)
  if (!caller.mayPush(name)) throw notForFeed(caller.id, name)
  if (door.feeds.get(name) === undefined) {
    if (!isFeedName(name))
      throw new Problem(
        400,
        'Bad feed name',
        `"${name}" cannot be a feed: use lower case letters, digits and single hyphens, as in anp-newsml.`,
      )
    if (!door.feeds.isOpen) throw unknownFeed(door.feeds, name)
  }
  const { headers } = request.raw
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new Problem(
      415,
      'Encoded message',
      `The body is encoded as ${encoding}: send it without a content encoding, since its bytes are archived as they come.`,
    )
  headers[sentType] = headers['content-type']
  headers['content-type'] = 'application/octet-stream'
}

function arrivalOf(request: FastifyRequest, bytes: Buffer, sender: string): Arrival {
  const text = (header: string): string | undefined => {
    const value = request.headers[header]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const optional = {
    contentType: text(sentType),
    reference: text('idempotency-key'),
    name: decoded(text('dateline-name')),
    traceparent: text('traceparent'),
  }
  return {
    bytes,
    door: 'push',
    sender,
    wantsFlash: text('dateline-lane')?.toLowerCase() === 'flash',
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
      Record<keyof typeof optional, string>
    >),
  }
}

/** Names travel percent-encoded, since a header is ASCII. One that is not encoded, or badly, is kept as it is. */
function decoded(name: string | undefined): string | undefined {
  try {
    return name === undefined ? undefined : decodeURIComponent(name)
  } catch {
    return name
  }
}

/** The append may go on behind it: a repeated push is safe, since repeats of an item are duplicates. */
async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransientFault('log', 'The log did not answer in time')), limitMs)
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
