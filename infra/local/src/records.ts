import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine, EngineName, Launch } from './engine.ts'
import type { ProcessMark } from './processes.ts'

/** What is known of an engine that was started: enough to find, check, stop and start it again. */
export type EngineRecord = Pick<Engine, 'name' | 'kind' | 'port' | 'listens' | 'url' | 'shape'> & {
  readonly launch: Launch
  readonly process: ProcessMark
}

export const engineNames: readonly EngineName[] = ['kafka-1', 'kafka-2', 'kafka-3', 's3', 'redis-state', 'redis-jobs']

export function engineFolder(dir: string, name: EngineName): string {
  return join(dir, name)
}

export function logFile(dir: string, name: EngineName): string {
  return join(dir, name, 'out.log')
}

export function readRecord(dir: string, name: EngineName): EngineRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(dir, name), 'utf8')) as EngineRecord
  } catch {
    return undefined
  }
}

export function readRecords(dir: string): readonly EngineRecord[] {
  return engineNames.flatMap((name) => readRecord(dir, name) ?? [])
}

/** Renamed into place, so that a reader never sees half of it. */
export function writeRecord(dir: string, record: EngineRecord): void {
  const file = recordFile(dir, record.name)
  mkdirSync(engineFolder(dir, record.name), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`)
  renameSync(`${file}.new`, file)
}

export function forgetRecord(dir: string, name: EngineName): void {
  rmSync(recordFile(dir, name), { force: true })
}

/** Removes only what we made, so that a mistaken directory loses nothing else. */
export function wipeRunDirectory(dir: string): void {
  for (const name of engineNames) rmSync(engineFolder(dir, name), { recursive: true, force: true })
  rmSync(join(dir, 'kafka-clusters'), { recursive: true, force: true })
}

/** Removes the run directory when nothing is left in it. */
export function removeIfEmpty(dir: string): void {
  if (existsSync(dir) && readdirSync(dir).length === 0) rmdirSync(dir)
}

/** Held by whoever changes which engines run, so that `down` never meets a half-done `up`. */
export function runLock(dir: string): string {
  return join(dir, 'engines.lock')
}

function recordFile(dir: string, name: EngineName): string {
  return join(dir, name, 'record.json')
}
