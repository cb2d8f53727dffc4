import type { Archive } from '@dateline/ports'
import { type ChainLook, lookAt } from './chain-look.ts'
import type { Segment } from './chain-segments.ts'
import { behind, lastSegment } from './last-segment.ts'
import { lookAgain } from './look-again.ts'
import type { Chain } from './object-key.ts'
import { isWithin, lastOlder, segmentsUntil, type TimeRange } from './segments-in.ts'

export interface ArchivedExtent {
  /** From the first object that holds messages of the range to the last; `from` is not below `to` where there is none. */
  readonly from: number
  readonly to: number
  /** Where the chain ends, in the range or not. */
  readonly end: number
}

/** Where the messages of a time lie in a chain. Only objects near its beginning and its end are asked, however many lie between. */
export const archivedExtent = (
  archive: Archive,
  chain: Chain,
  range: TimeRange,
  pageKeys?: number,
): Promise<ArchivedExtent> =>
  lookAgain(async () => {
    const look = await lookAt(archive, chain, pageKeys)
    const last = await lastSegment(look, async () => true)
    const lastSays = last && (await look.ask(last))
    const end = lastSays?.next ?? last?.from ?? 0
    const first = await firstWithin(look, range, end)
    if (first === null) return { from: Number.POSITIVE_INFINITY, to: 0, end }
    const to = lastSays !== null && isWithin(lastSays, range) ? end : await lastEnd(look, first, { ...range, end })
    return { from: first.base, to, end }
  })

async function firstWithin(look: ChainLook, range: TimeRange, end: number): Promise<Segment | null> {
  const { sinceMs } = range
  const older = sinceMs === undefined ? null : await lastOlder(look, sinceMs, { to: end })
  for await (const segment of segmentsUntil(look, older === null ? 0 : behind(older), range))
    if (segment.metadata !== null && isWithin(segment.metadata, range)) return segment
  return null
}

/** Where the last object of the range ends: behind the last that is surely older than its end, or among those that follow. */
async function lastEnd(
  look: ChainLook,
  first: Segment,
  { end, ...range }: TimeRange & { readonly end: number },
): Promise<number> {
  const { untilMs = Number.POSITIVE_INFINITY } = range
  const older = await lastOlder(look, untilMs, { from: first.from, to: end })
  const olderSays = older && (await look.ask(older))
  const isOlderWithin = olderSays !== null && isWithin(olderSays, range)
  let to = isOlderWithin ? olderSays.next : 0
  const start = older !== null && isOlderWithin ? behind(older) : first.from
  for await (const { metadata } of segmentsUntil(look, start, { untilMs }))
    if (metadata !== null && isWithin(metadata, range)) to = Math.max(to, metadata.next)
  return to
}
