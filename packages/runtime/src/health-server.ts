import { createServer, type Server } from 'node:http'
import type { Metrics } from './metrics.ts'
import type { Service } from './service.ts'

export interface Probe {
  readonly status: 200 | 503
  readonly body: string
  readonly type: string
}

/** `/health/live`, `/health/ready` and `/metrics` of the services of one process; null for any other path. */
export async function probe(path: string, services: readonly Service[], metrics: Metrics): Promise<Probe | null> {
  if (path === '/metrics')
    return { status: 200, body: await metrics.registry.metrics(), type: metrics.registry.contentType }
  if (path === '/health/live') return health(services, (service) => service.isLive())
  if (path === '/health/ready') return health(services, (service) => service.isReady())
  return null
}

function health(services: readonly Service[], isWell: (service: Service) => boolean): Probe {
  const states = Object.fromEntries(services.map((service) => [service.name, isWell(service) ? 'ok' : 'not yet']))
  return { status: services.every(isWell) ? 200 : 503, body: `${JSON.stringify(states)}\n`, type: 'application/json' }
}

/** For a service that has no door of its own. Resolves with the port in use; a taken port is one clear sentence. */
export async function serveHealth(options: {
  readonly host: string
  readonly port: number
  readonly services: readonly Service[]
  readonly metrics: Metrics
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    probe(new URL(request.url ?? '/', 'http://local').pathname, options.services, options.metrics).then(
      (answer) =>
        response
          .writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain' })
          .end(answer?.body ?? 'not found\n'),
      () => response.writeHead(500).end(),
    )
  })
  const port = await listen(server, options.host, options.port)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} on ${host} is in use: choose another with --port, or stop what uses it.`, {
              cause: error,
            })
          : error,
      ),
    )
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
