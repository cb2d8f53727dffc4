import type { Archive } from '@dateline/ports'
import { listSpans, type Span, spansInForce } from './chain-spans.ts'
import { findLastObject, findObjectAt, objectCursor } from './find-object.ts'
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
  const spans = spansInForce(await listSpans(archive, chain))
  yield* segmentsFrom(archive, chain, { spans, from: await startOf(archive, chain, { spans, offset: from }) })
}

/** Where the segment begins that covers the offset; the offset itself where a span does, or nothing. `spans` are those in force. */
export async function startOf(
  archive: Archive,
  chain: Chain,
  { spans, offset }: { readonly spans: readonly Span[]; readonly offset: number },
): Promise<number> {
  if (offset <= 0 || spans.some(({ base, next }) => base <= offset && offset < next)) return offset
  const covering = await findObjectAt(archive, chain, offset)
  const passed = spans.findLast(({ next }) => next <= offset)?.next ?? 0
  return covering !== null && covering.base >= passed ? covering.base : offset
}

/** The segments that begin at `from` or later, and a span that covers it, in order; `spans` are those in force. */
export async function* segmentsFrom(
  archive: Archive,
  chain: Chain,
  { spans, from }: { readonly spans: readonly Span[]; readonly from: number },
): AsyncGenerator<Segment> {
  let at = from
  const objects = objectCursor(archive, chain)
  try {
    for (const span of spans) {
      if (span.next <= at) continue
      yield* rawBelow(span.base)
      yield { ...span, from: Math.max(at, span.base) }
      at = span.next
    }
    yield* rawBelow(Number.POSITIVE_INFINITY)
  } finally {
    await objects.close()
  }

  async function* rawBelow(end: number): AsyncGenerator<Segment> {
    if (at >= end) return
    for (;;) {
      const object = await objects.next(at, end)
      if (object === null) return
      const { key, size, base } = object
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
