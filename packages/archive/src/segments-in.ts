import type { Archive } from '@dateline/ports'
import { chainSegments, type Segment } from './chain-segments.ts'
import type { Chain } from './object-key.ts'
import { segmentMetadata } from './segment-metadata.ts'

/** The objects of a chain that may hold messages of the range, in order. Times are found by halving: a year of objects is some twenty looks. */
export async function segmentsIn(
  archive: Archive,
  chain: Chain,
  range: { readonly from?: number; readonly to?: number; readonly sinceMs?: number },
): Promise<readonly Segment[]> {
  const { from = 0, to = Number.POSITIVE_INFINITY, sinceMs = Number.NEGATIVE_INFINITY } = range
  const segments: Segment[] = []
  for await (const segment of chainSegments(archive, chain, from)) {
    if (segment.from >= to) break
    segments.push(segment)
  }
  if (sinceMs === Number.NEGATIVE_INFINITY) return segments
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (await endsBefore(archive, segments, middle, sinceMs)) low = middle + 1
    else high = middle
  }
  return segments.slice(low)
}

/** A gap has no times: the object in front of it that has some answers. */
async function endsBefore(
  archive: Archive,
  segments: readonly Segment[],
  at: number,
  timeMs: number,
): Promise<boolean> {
  for (const segment of segments.slice(0, at + 1).toReversed()) {
    const { lastTimeMs } = await segmentMetadata(archive, segment)
    if (lastTimeMs !== null) return lastTimeMs < timeMs
  }
  return true
}
