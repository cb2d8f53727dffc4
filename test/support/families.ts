import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngines } from '@dateline/cli'
import { applyTopics, openFeeds, readSettings, type Settings, silentLogger } from '@dateline/runtime'

export interface Family {
  readonly name: 'embedded' | 'real'
  readonly isAvailable: boolean
  /** null: embedded. */
  readonly engines: RealEngines | null
}

export interface RealEngines {
  readonly kafka: string
  readonly s3: string
  readonly redisState: string
  readonly redisJobs: string
}

/** The engines that an environment names, as `dateline engines status` prints it; null unless it names all. */
export function realEngines(environment: Readonly<Record<string, string | undefined>>): RealEngines | null {
  const { TEST_KAFKA: kafka, TEST_S3: s3, TEST_REDIS_STATE: redisState, TEST_REDIS_JOBS: redisJobs } = environment
  return kafka === undefined || s3 === undefined || redisState === undefined || redisJobs === undefined
    ? null
    : { kafka, s3, redisState, redisJobs }
}

/** Both families of engines; the real ones where the environment names them. */
const named = realEngines(process.env)
export const families: readonly Family[] = [
  { name: 'embedded', isAvailable: true, engines: null },
  { name: 'real', isAvailable: named !== null, engines: named },
]

export interface Installation {
  readonly settings: Settings
  readonly config: string
  readonly dataDir: string
  /** Opens the engines anew, as another process would. */
  open(): ReturnType<typeof openEngines>
  remove(): Promise<void>
}

/** A settings file, a data directory and fresh topics. On the real engines one installation at a time: its topics are removed first. */
export async function install(family: Family, more = ''): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-test-'))
  const run = `t${Date.now().toString(36)}`
  const engines =
    family.engines === null
      ? ''
      : `engines: { log: "kafka://${family.engines.kafka}", archive: "s3://wire-archive/${run}?endpoint=${family.engines.s3}&region=us-east-1&forcePathStyle=true", state: "${family.engines.redisState}?prefix=${run}", jobs: "${family.engines.redisJobs}?prefix=${run}" }
s3: { accessKeyId: dateline, secretAccessKey: dateline-local }
`
  const text = `instance: test
${engines}consumers: { sessionTimeout: 6s }
${/^archive:/m.test(more) ? '' : 'archive: { flushAfter: 1s }\n'}stopWithin: 5s
${more}`
  const config = join(dataDir, 'dateline.yaml')
  await writeFile(config, text)
  const result = readSettings(text, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const { settings } = result
  const open = (): ReturnType<typeof openEngines> => openEngines(settings, { dataDir, log: silentLogger })
  const first = await open()
  if (family.name === 'real')
    for (const topic of await first.log.topics())
      if (/^(wire\.|stories|replays|rejected)/.test(topic.name)) await first.log.deleteTopic(topic.name)
  await applyTopics(first.log, (await openFeeds(settings, first.log)).all())
  await first.close()
  return { settings, config, dataDir, open, remove: () => rm(dataDir, { recursive: true, force: true }) }
}
