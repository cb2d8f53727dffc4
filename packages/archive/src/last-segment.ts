import type { ChainLook } from './chain-look.ts'
import type { Segment } from './chain-segments.ts'

/** null: the segment decides nothing, and those behind it are asked. */
export type SegmentTest = (segment: Segment) => Promise<boolean | null>

/**
 * The last segment between two offsets for which the test holds, where it holds for all in front of one for which it does; null: for none.
 * Found by halving, over pages of keys and then within a page: a million objects are some twenty requests and the tests of as many.
 */
export async function lastSegment(
  look: ChainLook,
  holds: SegmentTest,
  { from = 0, to = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly to?: number } = {},
): Promise<Segment | null> {
  let last: Segment | null = null
  /** Nothing that counts from here on is it. */
  let limit = to
  let page = await look.page(from)
  for (let reach = 0; !page.isLast && endOf(page.segments) < limit; reach = reach * 2 + 1) {
    const at = endOf(page.segments) + stepTo(page.segments, limit, reach)
    const probe = await look.page(at)
    const found = await firstDecided(probe.segments)
    if (found?.isHeld === true) {
      last = found.segment
      page = probe
    } else limit = at
  }
  const { segments } = page
  let low = last === null ? 0 : segments.indexOf(last) + 1
  let high = segments.findLastIndex((segment) => segment.from < limit) + 1
  // The end first: what is looked for is mostly new.
  for (let at = high - 1; low < high; at = (low + high) >> 1) {
    const found = await firstDecided(segments.slice(at, high))
    if (found?.isHeld === true) {
      last = found.segment
      low = segments.indexOf(last) + 1
    } else high = at
  }
  return last

  async function firstDecided(among: readonly Segment[]) {
    for (const segment of among) {
      if (segment.from >= limit) return null
      const isHeld = await holds(segment)
      if (isHeld !== null) return { segment, isHeld }
    }
    return null
  }
}

/** From this offset on the segments behind it come. */
export const behind = ({ next, from }: Segment): number => next ?? from + 1

const endOf = (segments: readonly Segment[]): number => {
  const last = segments.at(-1)
  return last === undefined ? 0 : behind(last)
}

/** To the next page when the rest may be in it, else to the middle of the rest; while its end is not known, ever further. */
function stepTo(segments: readonly Segment[], limit: number, reach: number): number {
  const end = endOf(segments)
  const width = end - (segments[0]?.from ?? 0)
  if (limit === Number.POSITIVE_INFINITY) return width * reach
  return limit - end <= width ? 0 : Math.floor((limit - end) / 2)
}
