import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Engine, EngineRefusal } from '@dateline/ports'
import { folderFault, hasFileCode } from './folder-fault.ts'

/** Makes a folder and those above it that are missing. Throws EngineRefusal where it cannot be, TransientFault where the disk does not let it. */
export function makeFolder(path: string, engine: Engine): void {
  try {
    make(path)
  } catch (error) {
    if (!hasFileCode(error, 'ENOENT')) throw folderFault(error, engine, path)
    throw new EngineRefusal(engine, `${path} cannot be made: name another folder`, { cause: error })
  }
}

/**
 * `mkdir` with `recursive` never returns where a folder that is there says ENOENT of a new one in it, as /proc does: it makes the upper one
 * again and again (seen in Node 24.21).
 */
function make(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (hasFileCode(error, 'EEXIST') && statSync(path).isDirectory()) return
    if (!hasFileCode(error, 'ENOENT') || isThere(dirname(path))) throw error
    make(dirname(path))
    make(path)
  }
}

/** What may not be looked at is there: making it would not help. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}
