import type { Archive } from '@dateline/ports'
import { type ArchivePart, archiveChains } from './archive-chains.ts'
import { objectsOf } from './find-object.ts'
import type { Chain } from './object-key.ts'
import { readMetadata } from './object-metadata.ts'

export interface ArchivedObject extends Chain {
  readonly key: string
  readonly kind: 'messages' | 'gap' | 'removed'
  readonly base: number
  readonly next: number
  readonly count: number
  /** Bytes as stored. */
  readonly size: number
  /** Times of the first and last message in the log, ISO 8601; null where the object holds none. */
  readonly firstTime: string | null
  readonly lastTime: string | null
}

/** Every object with what it says of itself, in order of keys. An object without readable metadata is left to `verifyArchive` to name. */
export async function* listArchive(archive: Archive, part: ArchivePart = {}): AsyncGenerator<ArchivedObject> {
  for await (const { chain } of archiveChains(archive, part)) {
    if (chain === null) continue
    for await (const { key, size } of objectsOf(archive, chain)) {
      const head = await archive.head(key)
      const metadata = head && readMetadata(head.metadata)
      if (!metadata) continue
      const { kind, base, next, count, firstTimeMs, lastTimeMs } = metadata
      yield { ...chain, key, kind, base, next, count, size, firstTime: iso(firstTimeMs), lastTime: iso(lastTimeMs) }
    }
  }
}

const iso = (timeMs: number | null): string | null => (timeMs === null ? null : new Date(timeMs).toISOString())
