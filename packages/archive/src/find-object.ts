import type { Archive, ArchiveObject } from '@dateline/ports'
import { type Chain, chainPrefix, objectKey, parseObjectKey } from './object-key.ts'

export interface FoundObject extends ArchiveObject {
  readonly base: number
}

/** How far to step back at each try: an object holds some thousand messages at most, so that the first try nearly always answers with one request. */
const STEPS = [4_096, 65_536, 4_194_304, Number.POSITIVE_INFINITY]

/** The object that begins at or before the offset, nearest to it; null when the chain begins later. */
export async function findObjectAt(archive: Archive, chain: Chain, offset: number): Promise<FoundObject | null> {
  for (const step of STEPS) {
    let found: FoundObject | null = null
    for await (const object of objectsOf(archive, chain, offset - step)) {
      if (object.base > offset) break
      found = object
    }
    if (found !== null) return found
  }
  return null
}

/** The last object of the chain. `near` is a position it may end at, a hint for speed alone. */
export async function findLastObject(archive: Archive, chain: Chain, near: number): Promise<FoundObject | null> {
  for (const step of STEPS) {
    let last: FoundObject | null = null
    for await (const object of objectsOf(archive, chain, near - step)) last = object
    if (last !== null) return last
  }
  return null
}

/** The objects of a chain that begin at `from` or later, in order. */
export async function* objectsOf(archive: Archive, chain: Chain, from = 0): AsyncGenerator<FoundObject> {
  const after = from > 0 ? objectKey(chain, Math.floor(from) - 1) : undefined
  for await (const object of archive.list(chainPrefix(chain), after)) {
    const parsed = parseObjectKey(object.key)
    if (parsed !== null) yield { ...object, base: parsed.base }
  }
}
