import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { type Engine, type EngineName, type Launch, nodeIdOf } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { isBrokerReady, isPortTaken, isRedisReady, isS3Ready } from './probes.ts'
import { birthOf, stateOf, waitUntil } from './processes.ts'
import { lastLines } from './programs.ts'
import { type EngineRecord, engineFolder, logFile, writeRecord } from './records.ts'
import type { EngineKind } from './settings.ts'

const readyWithinMs: Readonly<Record<EngineKind, number>> = { kafka: 90_000, s3: 15_000, redis: 60_000 }

/** Starts it detached, so that it outlives this command, with its output in its log; not yet ready. */
export async function launchEngine(
  dir: string,
  engine: Omit<Engine, 'prepare'>,
  launch: Launch,
): Promise<EngineRecord> {
  for (const port of engine.listens) {
    if (await isPortTaken(port))
      throw new EngineError(
        `Port ${port}, which ${engine.name} needs, is in use by another process: stop that one, or choose another port.`,
      )
  }
  mkdirSync(engineFolder(dir, engine.name), { recursive: true })
  const log = openSync(logFile(dir, engine.name), 'a')
  const child = spawn(launch.command, [...launch.args], {
    cwd: engineFolder(dir, engine.name),
    env: { ...process.env, ...launch.env },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const failure = new Promise<Error>((resolve) => child.on('error', resolve))
  if (child.pid === undefined) throw new EngineError(`Could not start ${engine.name}: ${(await failure).message}.`)
  child.unref()
  const { name, kind, port, listens, url, shape } = engine
  const record = {
    name,
    kind,
    port,
    listens,
    url,
    shape,
    launch,
    process: { pid: child.pid, birth: birthOf(child.pid) ?? '' },
  }
  writeRecord(dir, record)
  return record
}

/** Waits for an answer as the engine's own clients would get it; says why when none comes. */
export async function waitUntilReady(dir: string, record: EngineRecord): Promise<void> {
  const withinMs = readyWithinMs[record.kind]
  const isOver = await waitUntil(async () => stateOf(record.process) === 'gone' || (await isReady(record)), withinMs)
  const ending = `the end of ${logFile(dir, record.name)} says: ${logTail(dir, record.name)}`
  if (!isOver) throw new EngineError(`${record.name} was not ready within ${withinMs / 1000} seconds; ${ending}`)
  if (stateOf(record.process) === 'gone') throw new EngineError(`${record.name} ended while starting; ${ending}`)
}

export function isReady({ name, kind, port }: Pick<EngineRecord, 'name' | 'kind' | 'port'>): Promise<boolean> {
  switch (kind) {
    case 'kafka':
      return isBrokerReady(port, nodeIdOf(name))
    case 's3':
      return isS3Ready(port)
    case 'redis':
      return isRedisReady(port)
  }
}

function logTail(dir: string, name: EngineName): string {
  try {
    return lastLines(readFileSync(logFile(dir, name), 'utf8'), 3)
  } catch {
    return 'nothing'
  }
}
