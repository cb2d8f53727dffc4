import type { EngineName } from './engine.ts'
import { isReady } from './launch.ts'
import { stateOf } from './processes.ts'
import { type EngineRecord, logFile, readRecords } from './records.ts'
import { type EngineKind, type EnginesOptions, host, resolveSettings } from './settings.ts'

/** `starting` is alive without an answer yet, `stopped` was started by us and is gone. */
export type EngineState = 'ready' | 'starting' | 'paused' | 'stopped'

export type EngineStatus = {
  readonly name: EngineName
  readonly kind: EngineKind
  readonly state: EngineState
  /** Undefined when stopped. */
  readonly pid: number | undefined
  readonly port: number
  readonly url: string
  readonly log: string
}

export type EnginesStatus = {
  readonly dir: string
  /** Empty when nothing was started, or all was taken down. */
  readonly engines: readonly EngineStatus[]
  /** What the tests look for, such as TEST_KAFKA. */
  readonly environment: Readonly<Record<string, string>>
}

/** Looks at each process and asks each engine; takes at most about a second. */
export async function enginesStatus(options: Pick<EnginesOptions, 'dir'> = {}): Promise<EnginesStatus> {
  const { dir } = resolveSettings(options)
  const records = readRecords(dir)
  return {
    dir,
    engines: await Promise.all(records.map((record) => engineStatus(dir, record))),
    environment: testEnvironment(records),
  }
}

/** One variable for each engine that was started, whether it answers now or not. */
export function testEnvironment(
  records: readonly Pick<EngineRecord, 'name' | 'kind' | 'port' | 'url'>[],
): Readonly<Record<string, string>> {
  const brokers = records.filter(({ kind }) => kind === 'kafka').map(({ port }) => `${host}:${port}`)
  const url = (name: EngineName): string | undefined => records.find((record) => record.name === name)?.url
  const variables = {
    TEST_KAFKA: brokers.join(','),
    TEST_S3: url('s3'),
    TEST_REDIS_STATE: url('redis-state'),
    TEST_REDIS_JOBS: url('redis-jobs'),
  }
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

async function engineStatus(dir: string, record: EngineRecord): Promise<EngineStatus> {
  const { name, kind, port, url } = record
  const state = await engineState(record)
  return {
    name,
    kind,
    state,
    pid: state === 'stopped' ? undefined : record.process.pid,
    port,
    url,
    log: logFile(dir, name),
  }
}

async function engineState(record: EngineRecord): Promise<EngineState> {
  const state = stateOf(record.process)
  if (state === 'gone') return 'stopped'
  if (state === 'paused') return 'paused'
  return (await isReady(record)) ? 'ready' : 'starting'
}
