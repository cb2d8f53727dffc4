import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Engine, EngineRefusal, type Engines } from '@dateline/ports'
import type { Logger, Settings } from '@dateline/runtime'
import { CommandFault } from './fault.ts'

export interface OpenEnginesOptions {
  readonly dataDir: string
  readonly log: Logger
  /** For commands that only look: makes no data directory. */
  readonly isReadOnly?: boolean
}

type Opened = { -readonly [E in 'log' | 'archive' | 'state' | 'jobs']?: Engines[E] }

/** The four engines that the settings name by URL; those not named are embedded, in the data directory. */
export async function openEngines(settings: Settings, options: OpenEnginesOptions): Promise<Engines> {
  const opening = engineOpening(settings, options)
  try {
    const { log, archive, state, jobs } = {
      log: await opening.log(),
      archive: await opening.archive(),
      state: await opening.state(),
      jobs: await opening.jobs(),
    }
    const together = opening.embedded().find((engines) => engines.log === log && engines.state === state)
    return {
      log,
      archive,
      state,
      jobs,
      ...(together?.applyAtOnce === undefined ? {} : { applyAtOnce: together.applyAtOnce }),
      close: opening.close,
    }
  } catch (error) {
    await opening.close()
    throw error
  }
}

/** The engines one by one, each opened when it is asked for; `close` closes what was opened. */
export interface EngineOpening {
  log(): Promise<Engines['log']>
  archive(): Promise<Engines['archive']>
  state(): Promise<Engines['state']>
  jobs(): Promise<Engines['jobs']>
  embedded(): readonly Engines[]
  close(): Promise<void>
}

/** Clients are loaded only where they are needed. */
export function engineOpening(settings: Settings, options: OpenEnginesOptions): EngineOpening {
  const opened: Opened = {}
  const embedded = new Map<string, Engines>()
  return {
    log: async () => (opened.log = await openLog()),
    archive: async () => (opened.archive = await openArchive()),
    state: async () => (opened.state = await openState()),
    jobs: async () => (opened.jobs = await openJobs()),
    embedded: () => [...embedded.values()],
    close: closeAll,
  }

  async function openLog(): Promise<Engines['log']> {
    const url = settings.engines.log
    if (isFile(url)) return (await openEmbeddedAt(url)).log
    const { openKafkaEventLog, parseKafkaUrl } = await import('@dateline/kafka')
    return openKafkaEventLog({
      ...parsed('log', parseKafkaUrl(url)),
      log: (level, message, fields) => options.log[level](message, fields),
    })
  }

  async function openArchive(): Promise<Engines['archive']> {
    const url = settings.engines.archive
    if (isFile(url)) return (await openEmbeddedAt(url)).archive
    const { openS3Archive, parseS3Url } = await import('@dateline/s3')
    const { accessKeyId, secretAccessKey, checksums } = settings.s3
    const credentials =
      accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }
    return openS3Archive({
      checksums,
      ...parsed('archive', parseS3Url(url)),
      ...credentials,
      whenAway: options.isReadOnly === true ? 'throw' : 'open',
    })
  }

  async function openState(): Promise<Engines['state']> {
    const url = settings.engines.state
    if (isFile(url)) return (await openEmbeddedAt(url)).state
    const { openRedisStateStore, parseRedisUrl } = await import('@dateline/redis')
    return openRedisStateStore(parsed('state', parseRedisUrl(url)))
  }

  async function openJobs(): Promise<Engines['jobs']> {
    const url = settings.engines.jobs
    if (isFile(url)) return (await openEmbeddedAt(url)).jobs
    const { openBullmqJobQueue, parseBullmqUrl } = await import('@dateline/bullmq')
    return openBullmqJobQueue(parsed('jobs', parseBullmqUrl(url)))
  }

  async function openEmbeddedAt(url: string | undefined): Promise<Engines> {
    const dir = resolve(url === undefined ? options.dataDir : url.slice('file:'.length).replace(/^\/\/(?=\/)/, ''))
    const known = embedded.get(dir)
    if (known !== undefined) return known
    if (options.isReadOnly === true && !existsSync(dir))
      throw new CommandFault(
        `There is no data in ${dir}: name the directory with --data, or begin with \`dateline up\`.`,
      )
    const { openEmbedded } = await import('@dateline/embedded')
    const engines = await openEmbedded({ dir })
    embedded.set(dir, engines)
    return engines
  }

  async function closeAll(): Promise<void> {
    const inside = new Set(
      [...embedded.values()].flatMap((engines): unknown[] => [
        engines.log,
        engines.archive,
        engines.state,
        engines.jobs,
      ]),
    )
    for (const engine of [opened.jobs, opened.archive, opened.log, opened.state])
      if (engine !== undefined && !inside.has(engine)) await engine.close()
    for (const engines of embedded.values()) await engines.close()
  }
}

const isFile = (url: string | undefined): url is undefined | `file:${string}` =>
  url === undefined || url.startsWith('file:')

/** The options of a URL; one that cannot be used is refused with what to write instead. */
function parsed<T>(
  engine: Engine,
  result: { readonly ok: true; readonly options: T } | { readonly ok: false; readonly problem: string },
): T {
  if (result.ok) return result.options
  throw new EngineRefusal(engine, `engines.${engine}: ${result.problem}`)
}
