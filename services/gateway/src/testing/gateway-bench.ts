import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AppendRecord, type Engines, type EventLog, partitionOf, TransientFault } from '@dateline/ports'
import {
  applyTopics,
  createAlarms,
  createMetrics,
  createRejectWatch,
  type Logger,
  openFeeds,
  readSettings,
  type ServiceContext,
  storyPartitions,
} from '@dateline/runtime'
import { type Gateway, gateway } from '../gateway.ts'

export interface Bench {
  readonly gateway: Gateway
  readonly context: ServiceContext
  readonly url: string
  readonly operatorKey: string
  /** Lines written to the log, `warn A stream of stories ended`. */
  readonly lines: readonly string[]
  /** A request to the door; as the operator unless `key` says otherwise ('' sends none). */
  ask(path: string, init?: RequestInit & { readonly key?: string }): Promise<Response>
  stop(deadlineMs?: number): Promise<void>
}

export interface BenchOptions {
  readonly dataDir: string
  /** dateline.yaml; none: every pushed feed name becomes a feed. */
  readonly config?: string
  readonly port?: number
}

/** A gateway on a free port. */
export async function startGateway(engines: Engines, options: BenchOptions): Promise<Bench> {
  const lines: string[] = []
  const context = await contextOf(engines, options.config ?? '', lines)
  await applyTopics(engines.log, context.feeds.all())
  const service: Gateway = gateway(context, {
    host: '127.0.0.1',
    port: options.port ?? 0,
    dataDir: options.dataDir,
    all: () => [service],
  })
  try {
    await service.start()
  } catch (error) {
    await service.stop(1_000)
    throw error
  }
  const url = service.url() ?? ''
  const operatorKey = (await readFile(join(options.dataDir, 'operator.key'), 'utf8')).trim()
  return {
    gateway: service,
    context,
    url,
    operatorKey,
    lines,
    ask: (path, { key = operatorKey, ...init } = {}) =>
      fetch(url + path, {
        ...init,
        headers: { ...(init.headers as object), ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
      }),
    stop: (deadlineMs = 5_000) => service.stop(deadlineMs),
  }
}

export async function contextOf(engines: Engines, config: string, lines: string[]): Promise<ServiceContext> {
  const result = readSettings(config, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const log = recorder(lines)
  const metrics = createMetrics()
  const alarms = createAlarms(log, metrics)
  const feeds = await openFeeds(result.settings, engines.log)
  return {
    settings: result.settings,
    engines,
    feeds,
    log,
    metrics,
    alarms,
    rejects: createRejectWatch(alarms, () => 1),
  }
}

function recorder(lines: string[]): Logger {
  const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  const log: Logger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: () => {},
    isDebug: false,
    child: () => log,
  }
  return log
}

/** A log whose appends can be told to fail, hang, or wait until they are let go. */
export function troubledLog(log: EventLog): {
  readonly log: EventLog
  trouble: 'none' | 'away' | 'hangs'
  free(): void
} {
  let freed = Promise.withResolvers<void>()
  const troubled = {
    trouble: 'none' as 'none' | 'away' | 'hangs',
    free() {
      troubled.trouble = 'none'
      freed.resolve()
      freed = Promise.withResolvers<void>()
    },
    log: {
      ...log,
      async append(records: readonly AppendRecord[]) {
        if (troubled.trouble === 'away') throw new TransientFault('log', 'The log is away')
        if (troubled.trouble === 'hangs') await freed.promise
        return log.append(records)
      },
    },
  }
  return troubled
}

/** An event as the publisher appends it. */
export function storyRecord(story: {
  readonly key: string
  readonly seq?: number
  readonly type?: string
  readonly text?: string
  readonly partition?: number
}): AppendRecord {
  const { key, seq = 1, type = 'published', text = 'De brug is weer open.' } = story
  const supplier = key.split(':')[0] ?? ''
  return {
    topic: 'stories',
    partition: story.partition ?? partitionOf(key, storyPartitions),
    key,
    value: JSON.stringify({ uri: `urn:x:${key}`, pubStatus: 'usable', bodies: [{ value: text }] }),
    headers: [
      ['ce_specversion', '1.0'],
      ['ce_id', `evt_${key}_${seq}`],
      ['ce_source', `/dateline/main/${supplier}`],
      ['ce_type', `dateline.story.${type}`],
      ['ce_subject', key],
      ['ce_time', new Date().toISOString()],
      ['ce_storyseq', String(seq)],
      ['ce_supplier', supplier],
      ['content-type', 'application/json'],
    ],
  }
}
