import type { Archive } from '@dateline/ports'
import { type ArchivePart, archiveChains } from './archive-chains.ts'
import { lookAt } from './chain-look.ts'
import type { Segment } from './chain-segments.ts'
import type { Chain } from './object-key.ts'
import type { ObjectMetadata } from './object-metadata.ts'
import { SegmentGone } from './segment-metadata.ts'
import { isWithin, segmentsIn, type TimeRange } from './segments-in.ts'

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

/**
 * Every object that counts, with what it says of itself, in order of chains and positions; of a range those that hold messages of it. One
 * without readable metadata is left to `verifyArchive` to name.
 */
export async function* listArchive(
  archive: Archive,
  part: ArchivePart & TimeRange = {},
): AsyncGenerator<ArchivedObject> {
  for await (const { chain } of archiveChains(archive, part)) if (chain !== null) yield* listChain(archive, chain, part)
}

async function* listChain(archive: Archive, chain: Chain, range: TimeRange): AsyncGenerator<ArchivedObject> {
  const isTimed = range.sinceMs !== undefined || range.untilMs !== undefined
  let from = 0
  for (let triedFrom = -1; ; ) {
    try {
      for await (const { metadata, ...segment } of segmentsIn(await lookAt(archive, chain), { ...range, from })) {
        if (metadata === null) continue
        from = metadata.next
        if (!isTimed || isWithin(metadata, range)) yield objectOf(chain, segment, metadata)
      }
      return
    } catch (error) {
      // Joined or removed while we list: what takes its place is there before it goes.
      if (!(error instanceof SegmentGone) || triedFrom === from) throw error
      triedFrom = from
    }
  }
}

function objectOf(chain: Chain, { key, size, kind: segment }: Segment, metadata: ObjectMetadata): ArchivedObject {
  const { kind, base, next, count, firstTimeMs, lastTimeMs } = metadata
  const times = { firstTime: iso(firstTimeMs), lastTime: iso(lastTimeMs) }
  return { ...chain, key, kind, isJoined: segment === 'joined', base, next, count, size, ...times }
}

const iso = (timeMs: number | null): string | null => (timeMs === null ? null : new Date(timeMs).toISOString())
