import type { Archive } from '@dateline/ports'
import { type ArchivePart, archiveChains } from './archive-chains.ts'
import type { Chain } from './object-key.ts'
import { readMetadata } from './object-metadata.ts'
import { segmentsIn } from './segments-in.ts'

export interface ArchivedObject extends Chain {
  readonly key: string
  readonly kind: 'messages' | 'gap' | 'removed'
  /** Joined from several objects. */
  readonly isJoined: boolean
  readonly base: number
  readonly next: number
  readonly count: number
  /** Bytes as stored. */
  readonly size: number
  /** Times of the first and last message in the log, ISO 8601; null where the object holds none. */
  readonly firstTime: string | null
  readonly lastTime: string | null
}

export interface ListedPart extends ArchivePart {
  /** Only objects with messages that the log took at this time or later, in milliseconds since 1970. */
  readonly sinceMs?: number
  /** Only objects with messages that the log took before this time. */
  readonly untilMs?: number
}

/** Every object that counts, with what it says of itself, in order of chains and positions. One without readable metadata is left to `verifyArchive` to name. */
export async function* listArchive(archive: Archive, part: ListedPart = {}): AsyncGenerator<ArchivedObject> {
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = part
  const isTimed = sinceMs !== Number.NEGATIVE_INFINITY || untilMs !== Number.POSITIVE_INFINITY
  for await (const { chain } of archiveChains(archive, part)) {
    if (chain === null) continue
    for (const { key, size, kind: segment } of await segmentsIn(archive, chain, { sinceMs })) {
      const head = await archive.head(key)
      const metadata = head && readMetadata(head.metadata)
      if (!metadata) continue
      const { kind, base, next, count, firstTimeMs, lastTimeMs } = metadata
      if (firstTimeMs !== null && firstTimeMs >= untilMs) break
      if (isTimed && firstTimeMs === null) continue
      const isJoined = segment === 'joined'
      const times = { firstTime: iso(firstTimeMs), lastTime: iso(lastTimeMs) }
      yield { ...chain, key, kind, isJoined, base, next, count, size, ...times }
    }
  }
}

const iso = (timeMs: number | null): string | null => (timeMs === null ? null : new Date(timeMs).toISOString())
