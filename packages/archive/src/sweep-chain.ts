import { type Archive, type ArchiveObject, EngineRefusal } from '@dateline/ports'
import { indexKey } from './archive-index.ts'
import { listSpans, type Span, spansInForce } from './chain-spans.ts'
import { objectsOf } from './find-object.ts'
import type { Chain } from './object-key.ts'
import { type ObjectMetadata, readMetadata } from './object-metadata.ts'
import { verifyObject } from './verify-object.ts'

export interface SweptChain {
  readonly removed: number
  /** Bytes as stored. */
  readonly bytes: number
  /** Why something was left that could be removed; null: nothing was. */
  readonly left: string | null
}

/**
 * Removes the objects that a joined object or a tombstone stands for. A joined object is read back and must hold as many messages as each
 * object that is removed for it. A bucket that refuses to remove (a lock, a policy) is no fault: it is said.
 */
export async function sweepChain(archive: Archive, chain: Chain): Promise<SweptChain> {
  let [removed, bytes] = [0, 0]
  let left: string | null = null
  const held = new Map<string, readonly number[] | null>()
  try {
    const spans = await listSpans(archive, chain)
    const force = spansInForce(spans)
    await sweepObjects(force)
    for (const span of spans)
      if (!force.includes(span))
        await sweep(
          span,
          force.filter(({ base, next }) => base <= span.base && span.next <= next),
        )
  } catch (error) {
    if (!(error instanceof EngineRefusal && error.engine === 'archive')) throw error
    left = error.message
  }
  return { removed, bytes, left }

  async function sweepObjects(force: readonly Span[]): Promise<void> {
    const end = force.at(-1)?.next ?? 0
    for await (const object of objectsOf(archive, chain)) {
      if (object.base >= end) return
      const over = force.filter(({ base, next }) => base <= object.base && object.base < next)
      if (over.length > 0) await sweep(object, over)
    }
  }

  /** Removes the object if one of these spans holds all of it, and is whole. */
  async function sweep(object: ArchiveObject, over: readonly Span[]): Promise<void> {
    const head = await archive.head(object.key)
    if (head === null) return
    const metadata = readMetadata(head.metadata)
    const span = over.find(({ next }) => metadata !== null && metadata.next <= next)
    if (metadata === null || span === undefined) {
      left ??= `${object.key}: ${metadata === null ? 'it has no readable metadata' : `it reaches beyond ${over[0]?.key}`}`
      return
    }
    const why = span.kind === 'removed' ? null : whyLeft(span, metadata, await offsetsOf(span))
    if (why === null) await remove(object)
    else left ??= `${object.key}: ${why}`
  }

  /** Of the messages of a joined object, read once; null: it is not whole. */
  async function offsetsOf(span: Span): Promise<readonly number[] | null> {
    const known = held.get(span.key)
    if (known !== undefined) return known
    const verified = await verifyObject(archive, chain, span)
    const offsets = verified.fault === null ? verified.offsets : null
    held.set(span.key, offsets)
    return offsets
  }

  async function remove({ key, size }: { readonly key: string; readonly size: number }): Promise<void> {
    await archive.remove(indexKey(key))
    await archive.remove(key)
    removed += 1
    bytes += size
  }
}

/** null: what stands for the object holds all its messages. */
function whyLeft(span: Span, { base, next, count }: ObjectMetadata, held: readonly number[] | null): string | null {
  if (held === null) return `${span.key}, which stands for it, is not whole`
  const found = countBelow(held, next) - countBelow(held, base)
  return found === count ? null : `${span.key} holds ${found} of its ${count} messages`
}

function countBelow(offsets: readonly number[], limit: number): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsets[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}
