import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createServices, openContext, openEngines, type ServiceName, serviceNames } from '@dateline/cli'
import { openEmbedded } from '@dateline/embedded'
import {
  applyTopics,
  createAlarms,
  createMetrics,
  createRejectWatch,
  openFeeds,
  readSettings,
  runServices,
  type ServiceContext,
  type Settings,
  silentLogger,
  wireTopic,
} from '@dateline/runtime'
import { engineSettings, type Family, removeTopics } from './families.ts'

/** Services of one instance in this process. */
export interface Here {
  readonly dataDir: string
  readonly context: ServiceContext
  /** A request to the door as the operator; answers with status and JSON. */
  ask<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: Body }>
  /** Puts messages into a feed's topic, as an agency with the log would. */
  send(feed: string, messages: readonly Uint8Array[]): Promise<void>
  stop(): Promise<void>
}

export interface HereOptions {
  readonly config: string
  /** Embedded unless said. */
  readonly family?: Family
  /** A directory of an instance that ran before; a new one unless said. */
  readonly dataDir?: string
  readonly services?: readonly ServiceName[]
  /** The log's clock, milliseconds since 1970; what is too old for a topic goes at once. */
  readonly clock?: { ms: number }
}

export async function runHere(options: HereOptions): Promise<Here> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'dateline-here-')))
  const { clock, family } = options
  const engineLines = family === undefined ? '' : engineSettings(family, basename(dataDir))
  const result = readSettings(`${engineLines}${options.config}`, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  if (engineLines !== '' && options.dataDir === undefined) await beginAnew(result.settings, dataDir)
  const context =
    clock === undefined
      ? await openContext(result.settings, { dataDir, log: silentLogger })
      : await contextAt(result.settings, { dataDir, clock })
  await applyTopics(context.engines.log, context.feeds.all())
  const services = createServices(options.services ?? serviceNames, context, { host: '127.0.0.1', port: 0, dataDir })
  const stop = new AbortController()
  const started = Promise.withResolvers<void>()
  const ended = runServices(services, {
    signal: stop.signal,
    stopWithinMs: 5_000,
    log: silentLogger,
    onStarted: started.resolve,
  })
  const fault = await Promise.race([started.promise, ended])
  if (fault) throw fault
  const door = services.find(({ name }) => name === 'gateway') as { url?: () => string | null } | undefined
  return {
    dataDir,
    context,
    async ask<Body>(path: string, body?: unknown) {
      const key = (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim()
      const response = await fetch(`${door?.url?.()}${path}`, {
        headers: { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Body }
    },
    async send(feed, messages) {
      const records = messages.map((value) => ({ topic: wireTopic(feed), key: feed, value }))
      for (let at = 0; at < records.length; at += 200) await context.engines.log.append(records.slice(at, at + 200))
    },
    async stop() {
      stop.abort()
      await ended
      await context.engines.close()
    },
  }
}

async function beginAnew(settings: Settings, dataDir: string): Promise<void> {
  const engines = await openEngines(settings, { dataDir, log: silentLogger })
  await removeTopics(engines.log)
  await engines.close()
}

export const removeHere = ({ dataDir }: Pick<Here, 'dataDir'>): Promise<void> =>
  rm(dataDir, { recursive: true, force: true })

async function contextAt(
  settings: Settings,
  { dataDir, clock }: { readonly dataDir: string; readonly clock: { readonly ms: number } },
): Promise<ServiceContext> {
  const engines = await openEmbedded({ dir: dataDir, nowMs: () => clock.ms, sweepEveryMs: 50 })
  const metrics = createMetrics()
  const alarms = createAlarms(silentLogger, metrics)
  const feeds = await openFeeds(settings, engines.log)
  return {
    settings,
    engines,
    feeds,
    log: silentLogger,
    metrics,
    alarms,
    rejects: createRejectWatch(alarms, () => 1),
  }
}
