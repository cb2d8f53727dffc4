import type { Archive } from '@dateline/ports'
import type { Chain } from './object-key.ts'
import { parseSpanKey, type SpanPlace, spanPrefix } from './span-key.ts'

export interface Span extends SpanPlace {
  readonly key: string
  readonly size: number
}

/** All spans of a chain: few, one for a day at most where objects were joined, and one tombstone. */
export async function listSpans(archive: Archive, chain: Chain): Promise<readonly Span[]> {
  const spans: Span[] = []
  for await (const { key, size } of archive.list(spanPrefix(chain))) {
    const parsed = parseSpanKey(key)
    if (parsed !== null) spans.push({ kind: parsed.kind, base: parsed.base, next: parsed.next, key, size })
  }
  return spans
}

/** Those that count, in order. What lies inside another does not; a tombstone comes before a joined object that begins with it. */
export function spansInForce<T extends SpanPlace>(spans: readonly T[]): readonly T[] {
  const sorted = spans.toSorted(
    (a, b) => a.base - b.base || Number(a.kind === 'joined') - Number(b.kind === 'joined') || b.next - a.next,
  )
  let end = 0
  return sorted.filter(({ next }) => {
    const counts = next > end
    end = Math.max(end, next)
    return counts
  })
}
