import type { Capture, Item } from '@dateline/contracts'
import { containment } from '../content-identity.ts'
import { compareInstants } from './version-order.ts'

const dayMs = 86_400_000
export const windowMs = 2 * dayMs

/** More than this share of an earlier capture, and it is the same story. */
const most = 0.6
/** At least this share in another capture, and it tells nothing that the other does not. */
const nearlyAll = 0.8
/** Texts of fewer words than these runs need are alike by accident: only the hash counts. */
const fewestShingles = 4

/** What a capture is to the captures of its feed within two days. */
export interface Likeness {
  /** `same`: nothing but variable parts differ. `next`: the next version. `contained`: part of a later one. `earlier`: an earlier version, received out of order. */
  readonly kind: 'same' | 'next' | 'contained' | 'earlier'
  readonly capture: Capture
  readonly share: number
}

/** Nothing is compared with what is older than two days by the log's time: it may be forgotten already. */
export const isInWindow = (capture: Capture, logTimeMs: number): boolean =>
  Date.parse(capture.receivedAt) + windowMs >= logTimeMs

/** Every capture that the item may continue, repeat or be part of, the likest first. */
export function likenesses(item: Item, logTimeMs: number, captures: Iterable<Capture>): readonly Likeness[] {
  const found: Likeness[] = []
  for (const capture of captures) {
    if (!isInWindow(capture, logTimeMs)) continue
    if (Math.abs(compareInstants(item.receivedAt, capture.receivedAt)) > windowMs) continue
    const likeness = likenessOf(item, capture)
    if (likeness !== null) found.push(likeness)
  }
  return found.sort(
    (a, b) =>
      order[a.kind] - order[b.kind] ||
      b.share - a.share ||
      compareInstants(b.capture.receivedAt, a.capture.receivedAt) ||
      (a.capture.storyKey < b.capture.storyKey ? -1 : 1),
  )
}

const order = { same: 0, next: 1, earlier: 2, contained: 3 } as const

function likenessOf({ content, receivedAt }: Item, capture: Capture): Likeness | null {
  if (content === undefined) return null
  if (content.hash === capture.hash) return { kind: 'same', capture, share: 1 }
  const continued = share(capture.shingles, content.shingles)
  if (continued > most) {
    const isLater = compareInstants(receivedAt, capture.receivedAt) >= 0
    return { kind: isLater ? 'next' : 'earlier', capture, share: continued }
  }
  const inside = share(content.shingles, capture.shingles)
  return inside >= nearlyAll ? { kind: 'contained', capture, share: inside } : null
}

const share = (part: readonly number[], whole: readonly number[]): number =>
  part.length < fewestShingles ? 0 : containment(part, whole)

/** The key of a story without a supplier's id: made from the content of its first capture. */
export const contentKeyOf = (item: Pick<Item, 'supplier' | 'content'>): string =>
  `${item.supplier}:text-${(item.content?.hash ?? '').slice(0, 32)}`
