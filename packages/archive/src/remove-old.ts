import type { Archive } from '@dateline/ports'
import { chainSegments } from './chain-segments.ts'
import { markerObject } from './marker-object.ts'
import type { Chain } from './object-key.ts'
import { metadataText } from './object-metadata.ts'
import { segmentMetadata } from './segment-metadata.ts'
import { spanKey } from './span-key.ts'

export interface RemovedRange {
  readonly base: number
  readonly next: number
  /** Messages that this call took out of the chain. */
  readonly messages: number
}

/**
 * Takes whole objects out of the beginning of a chain whose last message is older, by a tombstone that stands for all of them; null when
 * there is none. The tombstone comes first: `sweepChain` removes what it stands for, now or after a crash.
 */
export async function removeOlderThan(
  archive: Archive,
  chain: Chain,
  options: { readonly beforeMs: number; readonly writer: string; readonly reason: string },
): Promise<RemovedRange | null> {
  let base: number | null = null
  let [end, to, kept] = [0, 0, 0]
  let [count, before] = [0, 0]
  let lastTimeMs: number | null = null
  for await (const segment of chainSegments(archive, chain)) {
    // What lies behind a fault of the chain is left for a person to look at.
    if (base !== null && segment.from !== end) break
    base ??= segment.from
    const metadata = await segmentMetadata(archive, segment)
    end = metadata.next
    if (segment.kind === 'removed') {
      to = end
      kept = end
      before = metadata.count
      lastTimeMs = metadata.lastTimeMs
    }
    // A gap has no time: it goes with what follows it.
    if (segment.kind === 'removed' || metadata.lastTimeMs === null) continue
    if (metadata.lastTimeMs >= options.beforeMs) break
    count += metadata.count
    to = end
    lastTimeMs = metadata.lastTimeMs
  }
  if (base === null || to <= kept) return null
  const { writer, reason } = options
  const marker = { kind: 'removed', base, next: to, reason, writer, count: before + count, lastTimeMs } as const
  const { bytes, metadata } = await markerObject(chain, marker)
  await archive.put(spanKey(chain, { kind: 'removed', base, next: to }), bytes, metadataText(metadata))
  return { base, next: to, messages: count }
}
