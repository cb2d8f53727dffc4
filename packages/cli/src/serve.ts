import { resolve } from 'node:path'
import { applyTopics, checkTopics, durationMs, runServices, type Settings, serveHealth } from '@dateline/runtime'
import { CommandFault } from './fault.ts'
import { openContext } from './open-context.ts'
import { createServices, type ServiceName } from './services.ts'

export interface ServeOptions {
  readonly services: readonly ServiceName[]
  readonly dataDir: string
  readonly port?: string
  /** Whether missing topics are made, or refused. */
  readonly createTopics: boolean
}

/** Runs services in this process until SIGINT or SIGTERM; a second signal ends it at once. A service that fails ends the process with 1. */
export async function serve(settings: Settings, options: ServeOptions): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
  const stopWithinMs = durationMs(settings.stopWithin)
  const hasDoor = options.services.includes('gateway')
  if (hasDoor) await makeDataDir(options.dataDir)
  const context = await openContext(settings, { dataDir: options.dataDir })
  const { log } = context
  try {
    if (options.createTopics) await applyTopics(context.engines.log, context.feeds.all())
    else await checkTopics(context.engines.log, context.feeds.all())

    const port = portOf(options.port) ?? (hasDoor ? settings.http.port : 0)
    const { host } = settings.http
    const services = createServices(options.services, context, { host, port, dataDir: options.dataDir })
    const health = hasDoor ? null : await serveHealth({ host, port, services, metrics: context.metrics })
    if (health !== null) log.info(`Health and metrics on http://${host}:${health.port}`)
    const fault = await runServices(services, {
      signal: stop.signal,
      stopWithinMs,
      log,
      onStarted: () => log.info(`Ready. Stop with Ctrl-C.`),
    })
    await health?.close()
    if (fault !== null) throw fault
  } finally {
    // What hangs on an engine that is away must not keep the process: the log repeats whatever was not finished.
    setTimeout(() => process.exit(process.exitCode ?? 1), stopWithinMs).unref()
    await context.engines.close()
  }
}

/** Whichever engines there are, the door keeps the operator's key there. */
async function makeDataDir(dir: string): Promise<void> {
  const { makeFolder } = await import('@dateline/embedded')
  makeFolder(resolve(dir), 'log')
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandFault(`--port ${text} is not a port: give a number from 0 to 65535.`)
  return port
}
