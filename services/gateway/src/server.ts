import { EngineRefusal, TransientFault } from '@dateline/ports'
import { probe, type Service, tellFault } from '@dateline/runtime'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Door } from './door.ts'
import { Problem, problemBody, tooLarge } from './problem.ts'
import { archiveRoutes } from './routes/archive.ts'
import { messageRoutes } from './routes/messages.ts'
import { receiptRoutes } from './routes/receipts.ts'
import { rejectedRoutes } from './routes/rejected.ts'
import { replayRoutes } from './routes/replays.ts'
import { storyRoutes } from './routes/stories.ts'

export interface ServerOptions {
  /** All services of the process, for `/health`. */
  readonly services: () => readonly Service[]
  /** Told of every route. */
  readonly onRoute?: (method: string, path: string) => void
}

/** Longest request line and longest wait for the rest of a request. */
const requestWithinMs = 120_000
/** A story key of 1,000 characters, percent-encoded. */
const longestParameter = 9_000

/** The HTTP door with all its routes; every error is a problem of RFC 9457. */
export function createServer(door: Door, options: ServerOptions): FastifyInstance {
  const limitBytes = door.context.settings.http.maxMessageBytes
  const server = fastify({
    bodyLimit: limitBytes,
    requestTimeout: requestWithinMs,
    // What is in hand at a stop is answered; whoever only waits is let go.
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: longestParameter },
    frameworkErrors: (error, request, reply) => void answer(problemOf(error, limitBytes, door), request, reply),
  })
  server.addHook('onRoute', ({ method, url }) => options.onRoute?.(String(method), url))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.setErrorHandler((error: FastifyError | Error, request, reply) =>
    answer(problemOf(error, limitBytes, door), request, reply),
  )
  server.setNotFoundHandler((request, reply) =>
    answer(
      new Problem(
        404,
        'Not found',
        `There is nothing at ${request.method} ${request.url.split('?')[0]}: see schemas/openapi.yaml for what there is.`,
      ),
      request,
      reply,
    ),
  )
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    server.get(path, async (_request, reply) => {
      const found = await probe(path, options.services(), door.metrics)
      return reply
        .code(found?.status ?? 404)
        .type(found?.type ?? 'text/plain')
        .send(found?.body ?? '')
    })
  }
  messageRoutes(server, door)
  receiptRoutes(server, door)
  storyRoutes(server, door)
  rejectedRoutes(server, door)
  replayRoutes(server, door)
  archiveRoutes(server, door)
  return server

  function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const feed = (request.params as { feed?: string } | null | undefined)?.feed
    if (feed !== undefined && request.method === 'POST')
      door.metrics.refusals.inc({
        feed: door.feeds.get(feed) === undefined ? 'unknown' : feed,
        status: String(problem.status),
      })
    // Fastify closes behind a body that is too large: the sender, still writing, would see a broken pipe instead of the answer.
    // Node reads on and throws away what is left, within the time of a request.
    reply.removeHeader('connection')
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds))
    return reply.code(problem.status).type('application/problem+json').send(problemBody(problem))
  }
}

function problemOf(error: FastifyError | Error, limitBytes: number, door: Door): Problem {
  if (error instanceof Problem) return error
  if (error instanceof TransientFault) {
    tellFault(door.context, 'gateway', error)
    return new Problem(
      503,
      'Not available',
      `The ${error.engine} is away. Send it again in a few seconds: nothing was accepted for certain, and repeating is safe.`,
      { retryAfterSeconds: 5 },
    )
  }
  if (error instanceof EngineRefusal) {
    door.context.log.error('A request was refused by an engine', { err: error })
    return new Problem(
      503,
      'Not available',
      'Dateline cannot do this until an operator has mended it. Send it again later: repeating is safe.',
      { retryAfterSeconds: 30 },
    )
  }
  const { code, statusCode } = error as FastifyError
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(limitBytes)
  if (statusCode !== undefined && statusCode < 500) return new Problem(statusCode, 'Bad request', error.message)
  door.context.log.error('A request met a bug', { err: error })
  return new Problem(500, 'Fault', 'A fault of Dateline itself; it is in the log. Repeating is safe.')
}

/** Resolves with the address; a taken port is one clear sentence. */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new EngineRefusal(
      'log',
      `Port ${port} on ${host} is in use: choose another with --port, or stop what uses it.`,
      { cause: error },
    )
  }
}

/** Lets what is in hand be answered, then closes; cuts off at the deadline. */
export async function close(server: FastifyInstance, deadlineMs: number): Promise<void> {
  const cut = setTimeout(() => server.server.closeAllConnections(), deadlineMs)
  const sweep = setInterval(() => server.server.closeIdleConnections(), 50)
  try {
    await server.close()
  } finally {
    clearTimeout(cut)
    clearInterval(sweep)
  }
}
