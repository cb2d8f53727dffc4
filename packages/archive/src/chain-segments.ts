import type { Archive } from '@dateline/ports'
import { listSpans, type Span, spansInForce } from './chain-spans.ts'
import { findLastObject, findObjectAt, objectsOf } from './find-object.ts'
import type { Chain } from './object-key.ts'

/** One object of a chain as it counts now: of the archiver's making (`raw`), joined from several, or a tombstone. */
export interface Segment {
  readonly kind: 'raw' | 'joined' | 'removed'
  readonly key: string
  readonly size: number
  /** Where the object begins. */
  readonly base: number
  /** From where it counts: its base, unless what lies before it reaches further. */
  readonly from: number
  /** Where it ends; null: its metadata say it. */
  readonly next: number | null
}

/**
 * The chain in order from the object that covers `from`. An object of which a span holds everything does not come, whether it was
 * removed already or not: so joining and removing can end at any point.
 */
export async function* chainSegments(archive: Archive, chain: Chain, from = 0): AsyncGenerator<Segment> {
  let at = from
  let isFirst = from > 0
  let passed = 0
  for (const span of spansInForce(await listSpans(archive, chain))) {
    if (span.next <= at) {
      passed = span.next
      continue
    }
    if (span.base > at) yield* rawBetween(span.base)
    yield { ...span, from: Math.max(at, span.base) }
    at = span.next
    isFirst = false
  }
  yield* rawBetween(Number.POSITIVE_INFINITY)

  async function* rawBetween(end: number): AsyncGenerator<Segment> {
    const covering = isFirst ? await findObjectAt(archive, chain, at) : null
    const start = covering !== null && covering.base >= passed ? covering.base : at
    for await (const { key, size, base } of objectsOf(archive, chain, start)) {
      if (base >= end) return
      yield { kind: 'raw', key, size, base, from: base, next: null }
    }
  }
}

/** The object that holds the offset, or the nearest before it; null when the chain begins later. */
export async function segmentAt(archive: Archive, chain: Chain, offset: number): Promise<Segment | null> {
  const span = spansInForce(await listSpans(archive, chain)).find(({ base, next }) => base <= offset && offset < next)
  if (span !== undefined) return { ...span, from: span.base }
  const found = await findObjectAt(archive, chain, offset)
  return found && { kind: 'raw', key: found.key, size: found.size, base: found.base, from: found.base, next: null }
}

/** The chain's last object of the archiver's making, and where the spans end. `near` is a hint for speed alone. */
export async function chainEnd(
  archive: Archive,
  chain: Chain,
  near: number,
): Promise<{ readonly last: { readonly key: string; readonly base: number } | null; readonly spansEnd: number }> {
  const spans: readonly Span[] = await listSpans(archive, chain)
  return {
    last: await findLastObject(archive, chain, near),
    spansEnd: spans.reduce((end, { next }) => Math.max(end, next), 0),
  }
}
