import type { Archive, LogRecord } from '@dateline/ports'
import type { Segment } from './chain-segments.ts'
import type { Chain } from './object-key.ts'
import type { MemberPlace } from './object-metadata.ts'
import { ObjectDamaged, readMember } from './read-member.ts'
import { SegmentGone, segmentMetadata } from './segment-metadata.ts'
import { segmentsIn } from './segments-in.ts'

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
 * The archived messages of one partition in order, each checked against its sha256; one member is in memory at a time. What retention
 * took out is passed over. Throws for an object that is damaged or missing.
 */
export async function* archivedMessages(
  archive: Archive,
  chain: Chain,
  range: ArchivedRange = {},
): AsyncGenerator<LogRecord> {
  const { to = Number.POSITIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = range
  const sinceMs = range.sinceMs ?? Number.NEGATIVE_INFINITY
  let from = range.from ?? 0
  /** Up to here the chain was followed; null: not begun. */
  let at: number | null = null
  let triedFrom = -1
  for (;;) {
    try {
      for (const segment of await segmentsIn(archive, chain, at === null ? { from, to, sinceMs } : { from: at, to })) {
        if (at !== null && segment.from > at) throw new SegmentGone(`What lies at ${at} of ${chain.topic}`)
        const metadata = await segmentMetadata(archive, segment)
        if ((metadata.firstTimeMs ?? Number.NEGATIVE_INFINITY) >= untilMs) return
        for await (const record of messagesOf(archive, segment, membersIn(metadata.members, from, to))) {
          if (record.offset < from) continue
          if (record.offset >= to) return
          if (record.timeMs >= sinceMs && record.timeMs < untilMs) yield record
          from = record.offset + 1
        }
        at = metadata.next
        from = Math.max(from, at)
      }
      return
    } catch (error) {
      // Objects are joined and removed while we read. What takes their place is there before they go, so a second look finds it.
      if (!(error instanceof SegmentGone) || triedFrom === from) throw error
      triedFrom = from
      if (at !== null) at = from
    }
  }
}

async function* messagesOf(
  archive: Archive,
  { key }: Segment,
  members: readonly MemberPlace[],
): AsyncGenerator<LogRecord> {
  for (const place of members) {
    const read = await readMember(archive, key, place)
    if (read === null) throw new SegmentGone(key)
    yield* read.records
    if (read.fault !== null) throw new ObjectDamaged(key, read.fault)
  }
}

const membersIn = (members: readonly MemberPlace[], from: number, to: number): readonly MemberPlace[] =>
  members.filter(
    ({ firstOffset }, index) =>
      firstOffset < to && (members[index + 1]?.firstOffset ?? Number.POSITIVE_INFINITY) > from,
  )
