import type { ChainLook } from './chain-look.ts'
import type { Segment } from './chain-segments.ts'
import { behind, lastSegment } from './last-segment.ts'
import type { ObjectMetadata } from './object-metadata.ts'

export interface TimeRange {
  /** In milliseconds since 1970; the beginning unless said. */
  readonly sinceMs?: number
  /** Messages of this time are not in it; the end unless said. */
  readonly untilMs?: number
}

export interface FoundSegment extends Segment {
  /** null where it cannot be read. */
  readonly metadata: ObjectMetadata | null
}

/**
 * The log stamps a message when it appends it, so times rise with offsets as far as the clocks of the brokers agree: where a partition
 * moves to a broker whose clock is behind they go back by the difference. So much of it is nothing here: what is found by halving is
 * looked at from so much earlier, and to so much later. (As much as Kerberos accepts, RFC 4120, section 8.2.)
 */
const CLOCKS_DIFFER_MS = 300_000

/** The segments of a chain that may hold messages of the range, in order, with what they say of themselves. */
export async function* segmentsIn(
  look: ChainLook,
  range: TimeRange & { readonly from?: number; readonly to?: number },
): AsyncGenerator<FoundSegment> {
  const { from = 0, to = Number.POSITIVE_INFINITY, sinceMs, untilMs = Number.POSITIVE_INFINITY } = range
  const older = sinceMs === undefined ? null : await lastOlder(look, sinceMs, { from, to })
  yield* segmentsUntil(look, older === null ? await look.startOf(from) : behind(older), { to, untilMs })
}

/** Those that begin at `start` or later. */
export async function* segmentsUntil(
  look: ChainLook,
  start: number,
  {
    to = Number.POSITIVE_INFINITY,
    untilMs = Number.POSITIVE_INFINITY,
  }: { readonly to?: number; readonly untilMs?: number },
): AsyncGenerator<FoundSegment> {
  for await (const segment of look.segments(start)) {
    if (segment.from >= to) return
    const metadata = await look.askLast(segment)
    if ((metadata?.firstTimeMs ?? Number.NEGATIVE_INFINITY) >= untilMs + CLOCKS_DIFFER_MS) return
    yield { ...segment, metadata }
  }
}

/** The last segment up to which no message is of this time or later. A gap has no time, and decides nothing. */
export async function lastOlder(
  look: ChainLook,
  timeMs: number,
  range: { readonly from?: number; readonly to?: number } = {},
): Promise<Segment | null> {
  if (timeMs === Number.NEGATIVE_INFINITY) return null
  return lastSegment(
    look,
    async (segment) => {
      const lastTimeMs = (await look.ask(segment))?.lastTimeMs ?? null
      return lastTimeMs === null ? null : lastTimeMs < timeMs - CLOCKS_DIFFER_MS
    },
    range,
  )
}

/** Whether an object says that it holds messages of the range. */
export function isWithin(metadata: ObjectMetadata, { sinceMs, untilMs }: TimeRange): boolean {
  const { kind, firstTimeMs, lastTimeMs } = metadata
  if (kind !== 'messages' || firstTimeMs === null || lastTimeMs === null) return false
  if (sinceMs !== undefined && lastTimeMs < sinceMs) return false
  return untilMs === undefined || firstTimeMs < untilMs
}
