import type { Archive, ArchiveObject } from '@dateline/ports'
import { type Chain, chainPrefix, objectKey, parseObjectKey } from './object-key.ts'

export interface FoundObject extends ArchiveObject {
  readonly base: number
}

/** A request answers with so many keys at most: those of as many offsets are always in one. */
export const PAGE_KEYS = 1_000

/** How far to step back at each try: an object holds some thousand messages at most, and mostly fewer than a page has keys. */
const STEPS = [PAGE_KEYS - 1, 65_536, 4_194_304, Number.POSITIVE_INFINITY]

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

export interface ObjectCursor {
  /** The next object that begins at `at` or later and below `end`; null when there is none, and the one behind comes at another call. */
  next(at: number, end: number): Promise<FoundObject | null>
  close(): Promise<void>
}

/** Goes along the objects of a chain by as few requests as there are pages, and asks anew only to pass over more than a page. */
export function objectCursor(archive: Archive, chain: Chain): ObjectCursor {
  let objects: AsyncGenerator<FoundObject> | null = null
  let ahead: FoundObject | null = null
  let isAtEnd = false
  return {
    async next(at, end) {
      for (let passed = 0; ; passed += 1) {
        if (passed === PAGE_KEYS) await close()
        objects ??= objectsOf(archive, chain, at)
        if (ahead === null && !isAtEnd) {
          const { value, done } = await objects.next()
          ahead = done === true ? null : value
          isAtEnd = done === true
        }
        if (ahead === null || ahead.base >= end) return null
        const object = ahead
        ahead = null
        if (object.base >= at) return object
      }
    },
    close,
  }

  async function close(): Promise<void> {
    await objects?.return(undefined)
    objects = null
  }
}
