import { EngineRefusal, TransientFault } from '@dateline/ports'
import { probe, type Service } from '@dateline/runtime'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Door } from './door.ts'
import { Problem, problemBody } from './problem.ts'
import { messageRoutes, tooLarge } from './routes/messages.ts'
import { receiptRoutes } from './routes/receipts.ts'
import { storyRoutes } from './routes/stories.ts'

/** The HTTP door with all its routes; every error is a problem of RFC 9457. */
export function createServer(door: Door, services: () => readonly Service[]): FastifyInstance {
  const limitBytes = door.context.settings.http.maxMessageBytes
  const server = fastify({
    bodyLimit: limitBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1_200 },
  })
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
      const found = await probe(path, services(), door.metrics)
      return reply
        .code(found?.status ?? 404)
        .type(found?.type ?? 'text/plain')
        .send(found?.body ?? '')
    })
  }
  messageRoutes(server, door)
  receiptRoutes(server, door)
  storyRoutes(server, door)
  return server

  function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const feed = (request.params as { feed?: string } | undefined)?.feed
    if (feed !== undefined && request.method === 'POST')
      door.metrics.refusals.inc({
        feed: door.feeds.get(feed) === undefined ? 'unknown' : feed,
        status: String(problem.status),
      })
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds))
    return reply.code(problem.status).type('application/problem+json').send(problemBody(problem))
  }
}

function problemOf(error: FastifyError | Error, limitBytes: number, door: Door): Problem {
  if (error instanceof Problem) return error
  if (error instanceof TransientFault)
    return new Problem(
      503,
      'Not available',
      `The ${error.engine} is away. Send it again in a few seconds: nothing was accepted for certain, and repeating is safe.`,
      { retryAfterSeconds: 5 },
    )
  if (error instanceof EngineRefusal) return new Problem(503, 'Not available', error.message, { retryAfterSeconds: 30 })
  const code = (error as FastifyError).code
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(limitBytes)
  const status = (error as FastifyError).statusCode
  if (status !== undefined && status < 500) return new Problem(status, 'Bad request', error.message)
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
