import { closeSync, type Dirent, fstatSync, openSync, readSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchiveObject } from '@dateline/ports'
import { hasFileCode } from '../store/folder-fault.ts'
import { splitAt, tailLength } from './object-file.ts'

/** How many objects are looked at before others get their turn. */
const atOnce = 200

/**
 * Objects under the prefix in byte order of whole keys. A folder sorts as its name with the slash: `a-b` < `a/b` < `a0`, which is
 * not the order in which folders are walked.
 */
export async function* listObjects(root: string, prefix: string, after: string): AsyncGenerator<ArchiveObject> {
  let taken = 0
  yield* walk('')

  async function* walk(folder: string): AsyncGenerator<ArchiveObject> {
    for (const name of await namesIn(join(root, folder))) {
      const key = folder + name
      const isFolder = name.endsWith('/')
      if (!isWanted(key, isFolder, prefix, after)) continue
      if (isFolder) yield* walk(key)
      else {
        const size = sizeOf(join(root, key))
        // Removed since the folder was read.
        if (size === null) continue
        yield { key, size }
        if (++taken % atOnce === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
}

/** Entries in byte order, folders with their slash. Names are ASCII, for which the order of strings is that of bytes. */
async function namesIn(folder: string): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (hasFileCode(error, 'ENOENT')) return []
    throw error
  }
  return entries
    .filter((entry) => !entry.name.startsWith('~'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort()
}

function isWanted(key: string, isFolder: boolean, prefix: string, after: string): boolean {
  if (!isFolder) return key.startsWith(prefix) && key > after
  const mayMatch = key.startsWith(prefix) || prefix.startsWith(key)
  return mayMatch && (key > after || after.startsWith(key))
}

/** Opening a file and reading its last bytes takes some 15 µs when done at once; by the thread pool it takes ten times that. */
function sizeOf(path: string): number | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (hasFileCode(error, 'ENOENT')) return null
    throw error
  }
  try {
    const { size } = fstatSync(file)
    const tail = Buffer.alloc(tailLength)
    const read = readSync(file, tail, 0, tailLength, Math.max(0, size - tailLength))
    return splitAt(size, tail.subarray(0, read)).size
  } finally {
    closeSync(file)
  }
}
