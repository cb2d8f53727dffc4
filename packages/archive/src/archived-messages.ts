import type { Archive, LogRecord } from '@dateline/ports'
import { lookAt } from './chain-look.ts'
import type { Chain } from './object-key.ts'
import type { MemberPlace } from './object-metadata.ts'
import { readMembers } from './read-members.ts'
import { readable, SegmentGone } from './segment-metadata.ts'
import { segmentsIn, type TimeRange } from './segments-in.ts'

/** Offsets from `from` to below `to`, and the times at which the log took the messages. */
export interface ArchivedRange extends TimeRange {
  readonly from?: number
  readonly to?: number
}

/**
 * The archived messages of one partition in order, each checked against its sha256; one member is unpacked at a time. What retention
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
      const look = await lookAt(archive, chain)
      for await (const segment of segmentsIn(look, at === null ? { ...range, from } : { from: at, to, untilMs })) {
        if (at !== null && segment.from > at) throw new SegmentGone(`What lies at ${at} of ${chain.topic}`)
        const metadata = readable(segment)
        for await (const records of readMembers(archive, segment.key, membersIn(metadata.members, from, to)))
          for (const record of records) {
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

const membersIn = (members: readonly MemberPlace[], from: number, to: number): readonly MemberPlace[] =>
  members.filter(
    ({ firstOffset }, index) =>
      firstOffset < to && (members[index + 1]?.firstOffset ?? Number.POSITIVE_INFINITY) > from,
  )
