import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngines } from '@dateline/cli'
import type { EventLog } from '@dateline/ports'
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

/** The lines of a settings file that name the family's engines; what runs under one name shares archive, state and jobs. */
export function engineSettings({ engines }: Family, run: string): string {
  return engines === null
    ? ''
    : `engines: { log: "kafka://${engines.kafka}", archive: "s3://wire-archive/${run}?endpoint=${engines.s3}&region=us-east-1&forcePathStyle=true", state: "${engines.redisState}?prefix=${run}", jobs: "${engines.redisJobs}?prefix=${run}" }
s3: { accessKeyId: dateline, secretAccessKey: dateline-local }
`
}

/** On the real engines the topics of whoever ran before are removed. */
export async function removeTopics(log: EventLog): Promise<void> {
  for (const { name } of await log.topics())
    if (/^(wire\.|stories|replays|rejected)/.test(name)) await log.deleteTopic(name)
}

/** A settings file, a data directory and fresh topics. On the real engines one installation at a time. */
export async function install(family: Family, more = ''): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-test-'))
  const text = `instance: test
${engineSettings(family, `t${Date.now().toString(36)}`)}consumers: { sessionTimeout: 6s }
${/^archive:/m.test(more) ? '' : 'archive: { flushAfter: 1s }\n'}stopWithin: 5s
${more}`
  const config = join(dataDir, 'dateline.yaml')
  await writeFile(config, text)
  const result = readSettings(text, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const { settings } = result
  const open = (): ReturnType<typeof openEngines> => openEngines(settings, { dataDir, log: silentLogger })
  const first = await open()
  if (family.name === 'real') await removeTopics(first.log)
  await applyTopics(first.log, (await openFeeds(settings, first.log)).all())
  await first.close()
  return { settings, config, dataDir, open, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

/** A second settings file beside that of an installation in Dutch, by which a story that says no language is in English. */
export async function inEnglish({ config, dataDir }: Installation): Promise<string> {
  const changed = join(dataDir, 'changed.yaml')
  await writeFile(changed, (await readFile(config, 'utf8')).replace('language: nl', 'language: en'))
  return changed
}
