import type { Archive, LogRecord } from '@dateline/ports'
import { findObjectAt, objectsOf } from './find-object.ts'
import { decodeFrames } from './frames.ts'
import { unpackMember } from './members.ts'
import { type Chain, objectKey } from './object-key.ts'
import { type ObjectMetadata, readMetadata } from './object-metadata.ts'

export interface ArchivedRange {
  /** First offset; 0 unless said. */
  readonly from?: number
  /** Offset behind the last; the end of the chain unless said. */
  readonly to?: number
  /** Only messages that the log took at this time or later, in milliseconds since 1970. */
  readonly sinceMs?: number
  /** Only messages that the log took before this time. */
  readonly untilMs?: number
}

/**
 * The archived messages of one partition in order, each checked against its sha256; one member is in memory at a time. Throws for an
 * object that is damaged.
 */
export async function* archivedMessages(
  archive: Archive,
  chain: Chain,
  range: ArchivedRange = {},
): AsyncGenerator<LogRecord> {
  const {
    from = 0,
    to = Number.POSITIVE_INFINITY,
    sinceMs = Number.NEGATIVE_INFINITY,
    untilMs = Number.POSITIVE_INFINITY,
  } = range
  for (const base of await basesOf(archive, chain, { from, to, sinceMs })) {
    const metadata = await metadataAt(archive, chain, base)
    if ((metadata.firstTimeMs ?? Number.NEGATIVE_INFINITY) >= untilMs) return
    for (const place of metadata.members) {
      if (place.firstOffset >= to) return
      const member = await archive.get(objectKey(chain, base), place)
      const frames = member && (await unpackMember(member))
      const decoded = frames && decodeFrames(frames)
      for (const record of decoded?.records ?? []) {
        const { offset, timeMs } = record
        if (offset >= from && offset < to && timeMs >= sinceMs && timeMs < untilMs) yield record
      }
      if (!decoded || decoded.fault !== null)
        throw new Error(
          `${objectKey(chain, base)} is damaged: ${decoded?.fault ?? 'a member cannot be unpacked'}. Run dateline archive verify`,
        )
    }
  }
}

/** Where the objects begin that may hold messages of the range. Times are found by halving: a year of objects is some twenty looks. */
async function basesOf(
  archive: Archive,
  chain: Chain,
  { from, to, sinceMs }: { readonly from: number; readonly to: number; readonly sinceMs: number },
): Promise<readonly number[]> {
  const first = (await findObjectAt(archive, chain, from))?.base ?? 0
  const bases: number[] = []
  for await (const { base } of objectsOf(archive, chain, first)) {
    if (base >= to) break
    bases.push(base)
  }
  if (sinceMs === Number.NEGATIVE_INFINITY) return bases
  let low = 0
  let high = bases.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (await endsBefore(archive, chain, bases, middle, sinceMs)) low = middle + 1
    else high = middle
  }
  return bases.slice(low)
}

/** A gap has no times: the object in front of it that has some answers. */
async function endsBefore(
  archive: Archive,
  chain: Chain,
  bases: readonly number[],
  at: number,
  timeMs: number,
): Promise<boolean> {
  for (let index = at; index >= 0; index -= 1) {
    const { lastTimeMs } = await metadataAt(archive, chain, bases[index] ?? 0)
    if (lastTimeMs !== null) return lastTimeMs < timeMs
  }
  return true
}

async function metadataAt(archive: Archive, chain: Chain, base: number): Promise<ObjectMetadata> {
  const key = objectKey(chain, base)
  const head = await archive.head(key)
  const metadata = head && readMetadata(head.metadata)
  if (!metadata) throw new Error(`${key} has no readable metadata: run dateline archive verify`)
  return metadata
}
