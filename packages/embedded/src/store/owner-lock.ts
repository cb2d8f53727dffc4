import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './sqlite-faults.ts'

/** A connection that others can tell alive from dead: it holds a lock that the kernel releases with the process, whatever kills it. */
export interface OwnerLock {
  readonly id: string
  release(): void
}

const folder = 'owners'

export function takeOwnerLock(dir: string): OwnerLock {
  const id = randomBytes(9).toString('hex')
  mkdirSync(join(dir, folder), { recursive: true })
  const file = lockFile(dir, id)
  const db = locked(file)
  return {
    id,
    release() {
      db.close()
      rmSync(file, { force: true })
    },
  }
}

/** Which of these owners are gone. One that a colleague probes at the same moment counts as alive until the next look. */
export function goneOwners(dir: string, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    try {
      locked(lockFile(dir, id)).close()
    } catch (error) {
      if (isBusy(error)) return false
      throw error
    }
    rmSync(lockFile(dir, id), { force: true })
    return true
  })
}

const lockFile = (dir: string, id: string): string => join(dir, folder, `${id}.lock`)

function locked(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
