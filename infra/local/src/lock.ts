import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { EngineError } from './engine-error.ts'
import { birthOf, type ProcessMark, stateOf, waitUntil } from './processes.ts'

/**
 * Runs `work` while no other process does so under the same file. A lock left by a process
 * that is gone is taken over.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: (holder: number) => void): Promise<T> {
  mkdirSync(dirname(file), { recursive: true })
  let hasTold = false
  const gotIt = await waitUntil(
    () => {
      if (tryLock(file)) return true
      const holder = readHolder(file)
      if (!holder || stateOf(holder) === 'gone') rmSync(file, { force: true })
      else if (!hasTold) {
        hasTold = true
        onWait(holder.pid)
      }
      return false
    },
    10 * 60_000,
    200,
  )
  if (!gotIt) throw new EngineError(`Another command has held ${file} for ten minutes: end it, or remove that file.`)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function tryLock(file: string): boolean {
  const mine: ProcessMark = { pid: process.pid, birth: birthOf(process.pid) ?? '' }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    linkSync(draft, file) // whole at once: nobody reads a lock without its holder
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(file: string): ProcessMark | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessMark
  } catch {
    return undefined
  }
}
