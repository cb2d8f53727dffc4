import { createRejectedDesk, type RejectedFilter } from '@dateline/replay'
import type { FastifyInstance } from 'fastify'
import type { Door } from '../door.ts'
import { Problem, unknownFeed } from '../problem.ts'
import { rejectReasons } from '../reject-reasons.ts'
import { jsonBody, operatorOf } from './operator.ts'

const mostAtOnce = 1_000
const texts = ['feed', 'reason', 'since', 'until'] as const
const others = ['ids', 'all', 'limit', 'state', 'dryRun', 'resting', 'why']

/** Rejected messages: what there is, the bytes of one, and what an operator does about them. */
export function rejectedRoutes(server: FastifyInstance, door: Door): void {
  const desk = createRejectedDesk(door.context)

  server.get<{ Querystring: Readonly<Record<string, string>> }>('/v1/rejected', async (request, reply) => {
    operatorOf(door, request)
    const groups = await desk.groups(filterOf(door, request.query))
    return reply.send({ groups })
  })

  server.get<{ Querystring: Readonly<Record<string, string>> }>('/v1/rejected/messages', async (request, reply) => {
    operatorOf(door, request)
    const { state } = request.query
    const entries = (await desk.entries(filterOf(door, request.query))).filter(
      (entry) => state === undefined || entry.state === state,
    )
    const limit = limitOf(request.query.limit)
    return reply.send({ messages: entries.slice(-limit), more: Math.max(0, entries.length - limit) })
  })

  server.get<{ Params: { id: string } }>('/v1/rejected/messages/:id', async (request, reply) => {
    operatorOf(door, request)
    const { id } = request.params
    const shown = await desk.show(id)
    if (shown !== null) return reply.send(shown)
    throw new Problem(
      404,
      'No such reject',
      `There is no rejected message ${id.slice(0, 700)}, or the log does not keep it any more: \`dateline rejected ls\` lists what there is.`,
    )
  })

  server.post('/v1/rejected/retry', async (request, reply) => {
    const { id: by } = operatorOf(door, request)
    const body = jsonBody(request)
    const handling = { by, isDryRun: body.dryRun === true, limit: limitOf(body.limit), resting: body.resting === true }
    const report = await desk.retry(filterOf(door, body), handling)
    if (!handling.isDryRun) door.context.log.info(`Rejected messages retried: ${report.results.length}`, { by })
    return reply.send(report)
  })

  server.post('/v1/rejected/drop', async (request, reply) => {
    const { id: by } = operatorOf(door, request)
    const body = jsonBody(request)
    const filter = filterOf(door, body)
    if (body.all !== true && Object.keys(filter).length === 0)
      throw new Problem(400, 'No choice', 'Say which are dropped: by ids, feed, reason or time; or `all`.')
    const isDryRun = body.dryRun === true
    const why = typeof body.why === 'string' ? body.why.trim() : ''
    if (why === '' && !isDryRun)
      throw new Problem(400, 'No reason', 'Say why nobody wants them, in `why`: it is kept with the name of the key.')
    const handling = { by, isDryRun, limit: limitOf(body.limit), why: why.slice(0, 500) }
    const report = await desk.drop(filter, handling)
    if (!handling.isDryRun)
      door.context.log.info(`Rejected messages dropped: ${report.dropped.length}`, { by, why: handling.why })
    return reply.send(report)
  })
}

/** What is not a filter is a slip of the pen: it must not widen what is dropped. */
function filterOf(door: Door, given: Readonly<Record<string, unknown>>): RejectedFilter {
  const names: readonly string[] = [...texts, ...others]
  const slip = Object.keys(given).find((name) => !names.includes(name))
  if (slip !== undefined)
    throw new Problem(400, 'Bad filter', `"${slip}" chooses nothing: there are ${names.join(', ')}.`)
  const filter: { -readonly [K in keyof RejectedFilter]: RejectedFilter[K] } = {}
  for (const name of texts) {
    const value = given[name]
    if (value === undefined) continue
    if (typeof value !== 'string') throw new Problem(400, 'Bad filter', `\`${name}\` is no text.`)
    filter[name] = value
  }
  for (const name of ['since', 'until'] as const)
    if (filter[name] !== undefined && Number.isNaN(Date.parse(filter[name])))
      throw new Problem(400, 'Bad time', `"${filter[name]}" is no time: write it as 2026-11-24T08:00:00Z.`)
  if (filter.feed !== undefined && door.feeds.get(filter.feed) === undefined) throw unknownFeed(door.feeds, filter.feed)
  if (filter.reason !== undefined && !rejectReasons.includes(filter.reason))
    throw new Problem(
      400,
      'No such reason',
      `There is no reason ${filter.reason.slice(0, 100)}. The reasons are: ${rejectReasons.join(', ')}.`,
    )
  if (given.ids === undefined) return filter
  const ids = given.ids
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw new Problem(400, 'Bad ids', '`ids` is no list of ids, receipts or positions.')
  return { ...filter, ids }
}

function limitOf(given: unknown): number {
  if (given === undefined) return mostAtOnce
  const limit = Number(given)
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostAtOnce) return limit
  throw new Problem(
    400,
    'Bad limit',
    `A limit of ${String(given).slice(0, 100)} cannot be: give a number from 1 to ${mostAtOnce}; for more retries than that there is \`dateline replay start --rejected\`.`,
  )
}
