import { TransientFault } from '@dateline/ports'
import { applyTopics, type Feed, isFeedName } from '@dateline/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Arrival } from '../accept.ts'
import { callerOf, type Door } from '../door.ts'
import type { Caller } from '../keys.ts'
import { Problem } from '../problem.ts'
import { receiptId } from '../receipt-id.ts'
import { receiptBody } from './receipts.ts'

/** How long a push may wait for the log before the sender is told to come back. */
const appendWithinMs = 5_000

/** `POST /v1/feeds/{feed}/messages`: the body is the wire message, whatever its type. 202 only after the log acknowledged. */
export function messageRoutes(server: FastifyInstance, door: Door): void {
  server.post<{ Params: { feed: string } }>('/v1/feeds/:feed/messages', async (request, reply) => {
    const caller = callerOf(door, request)
    const feed = await feedFor(door, caller, request.params.feed)
    const bytes = request.body
    if (!Buffer.isBuffer(bytes) || bytes.byteLength === 0)
      throw new Problem(400, 'Empty message', 'The body is empty: send the wire message itself as the body.')
    const accepted = await within(door.accept(feed, arrivalOf(request, bytes, caller)), appendWithinMs)
    if (accepted.kind === 'too-large') throw tooLarge(accepted.limitBytes)
    door.metrics.messages.inc({ feed: feed.name, lane: accepted.lane })

    const receipt = receiptId(accepted.position)
    const waitSeconds = waitOf(request.headers.prefer)
    const known = waitSeconds > 0 ? await door.receipts.settled(accepted.position, waitSeconds * 1_000) : null
    reply.header('location', `/v1/receipts/${receipt}`)
    if (known?.isSettled) return reply.code(200).send({ ...receiptBody(known), lane: accepted.lane })
    return reply
      .code(202)
      .send({ receipt, feed: feed.name, lane: accepted.lane, bytes: bytes.byteLength, state: 'pending' })
  })
}

export const tooLarge = (limitBytes: number): Problem =>
  new Problem(
    413,
    'Message too large',
    `A wire message may have ${limitBytes} bytes: send the text without its media, or in parts.`,
    { extra: { limitBytes } },
  )

async function feedFor(door: Door, caller: Caller, name: string): Promise<Feed> {
  const known = door.feeds.get(name)
  if (known !== undefined) {
    if (!caller.mayPush(name))
      throw new Problem(
        403,
        'Forbidden',
        `The key "${caller.id}" is not for the feed ${name}: use the key of that feed.`,
      )
    return known
  }
  if (!caller.isOperator && !caller.mayPush(name))
    throw new Problem(403, 'Forbidden', `The key "${caller.id}" is not for the feed ${name}: use the key of that feed.`)
  if (!isFeedName(name))
    throw new Problem(
      400,
      'Bad feed name',
      `"${name}" cannot be a feed: use lower case letters, digits and single hyphens, as in anp-newsml.`,
    )
  if (!door.feeds.isOpen) {
    const names = door.feeds.all().map((feed) => feed.name)
    throw new Problem(
      404,
      'Unknown feed',
      `There is no feed ${name}. The feeds are: ${names.join(', ') || 'none'}. Feeds are named in dateline.yaml.`,
      { extra: { feeds: names } },
    )
  }
  return open(door, name)
}

/** The topics come first: services join them when they hear of the feed. */
async function open(door: Door, name: string): Promise<Feed> {
  const feed = door.feeds.candidate(name)
  await within(applyTopics(door.context.engines.log, [feed]), appendWithinMs)
  return door.feeds.add(name)
}

function arrivalOf(request: FastifyRequest, bytes: Buffer, caller: Caller): Arrival {
  const text = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const optional = {
    contentType: text('content-type'),
    reference: text('idempotency-key'),
    name: text('dateline-name'),
    traceparent: text('traceparent'),
  }
  return {
    bytes,
    door: 'push',
    sender: caller.id,
    wantsFlash: text('dateline-lane')?.toLowerCase() === 'flash',
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
      Pick<Arrival, 'contentType' | 'reference' | 'name' | 'traceparent'>
    >),
  }
}

/** Seconds of `Prefer: wait=5` (RFC 7240), at most 60. */
function waitOf(prefer: string | string[] | undefined): number {
  const found = /\bwait=(\d{1,3})\b/.exec(String(prefer ?? ''))
  return found === null ? 0 : Math.min(Number(found[1]), 60)
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
