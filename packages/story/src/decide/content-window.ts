import type { Capture, Item } from '@dateline/contracts'
import { overlap } from '../content-identity.ts'

const dayMs = 86_400_000
export const windowMs = 2 * dayMs

/** More than this share of an earlier capture, and it is the same story. */
const most = 0.6
/** At least this share in another capture, and it tells nothing that the other does not. */
const nearlyAll = 0.8
/** Texts of fewer words than these runs need are alike by accident: only the hash counts. */
const fewestShingles = 4

/** A capture ready to be compared. */
export interface KnownCapture {
  readonly storyKey: string
  readonly hash: string
  readonly receivedMs: number
  readonly shingles: Uint32Array
}

/** What a capture is to the captures of its feed within two days. */
export interface Likeness {
  /** `same`: nothing but variable parts differ. `next`: the next version. `contained`: part of a later one. `earlier`: an earlier version, received out of order. */
  readonly kind: 'same' | 'next' | 'contained' | 'earlier'
  readonly capture: KnownCapture
  readonly share: number
}

/** The capture of an item, as the window keeps it: the shingles in base64, four bytes each, the lowest first. */
export function captureOf(item: Pick<Item, 'content' | 'receivedAt'>, storyKey: string): Capture {
  const { hash = '', shingles = [] } = item.content ?? {}
  const bytes = Buffer.from(Uint32Array.from(shingles).buffer)
  return { storyKey, hash, shingles: bytes.toString('base64'), receivedAt: item.receivedAt }
}

export function readCapture({ storyKey, hash, shingles, receivedAt }: Capture): KnownCapture {
  // Copied, for a buffer's bytes may begin anywhere and the numbers may not.
  const bytes = new Uint8Array(Buffer.from(shingles, 'base64'))
  return { storyKey, hash, receivedMs: Date.parse(receivedAt), shingles: new Uint32Array(bytes.buffer) }
}

/** Nothing is compared with what is older than two days by the log's time: it may be forgotten already. */
export const isInWindow = ({ receivedMs }: Pick<KnownCapture, 'receivedMs'>, logTimeMs: number): boolean =>
  receivedMs + windowMs >= logTimeMs

/** Every capture that the item may continue, repeat or be part of, the likest first; the same text alone where there is one. */
export function likenesses(item: Item, logTimeMs: number, captures: Iterable<KnownCapture>): readonly Likeness[] {
  const { content } = item
  if (content === undefined) return []
  const receivedMs = Date.parse(item.receivedAt)
  const near: KnownCapture[] = []
  for (const capture of captures) {
    if (!isInWindow(capture, logTimeMs) || Math.abs(receivedMs - capture.receivedMs) > windowMs) continue
    near.push(capture)
  }
  const same = near.filter(({ hash }) => hash === content.hash)
  if (same.length > 0) return same.map((capture): Likeness => ({ kind: 'same', capture, share: 1 })).sort(byLikeness)
  const shingles = Uint32Array.from(content.shingles)
  const marks = marksOf(shingles)
  return near
    .filter((capture) => hasCommon(capture.shingles, marks))
    .map((capture) => likenessOf({ receivedMs, shingles }, capture))
    .filter((likeness) => likeness !== null)
    .sort(byLikeness)
}

/** A bit for each shingle's upper 20 bits. Most texts of a feed have nothing in common, which is told ten times faster by these. */
function marksOf(shingles: Uint32Array): Uint8Array {
  const marks = new Uint8Array(1 << 17)
  for (const shingle of shingles) marks[shingle >>> 15] = (marks[shingle >>> 15] ?? 0) | (1 << ((shingle >>> 12) & 7))
  return marks
}

function hasCommon(shingles: Uint32Array, marks: Uint8Array): boolean {
  for (const shingle of shingles) if (((marks[shingle >>> 15] ?? 0) >> ((shingle >>> 12) & 7)) & 1) return true
  return false
}

function likenessOf(
  { receivedMs, shingles }: Pick<KnownCapture, 'receivedMs' | 'shingles'>,
  capture: KnownCapture,
): Likeness | null {
  const { ofFirst, ofSecond } = overlap(capture.shingles, shingles)
  if (ofFirst > most && capture.shingles.length >= fewestShingles)
    return { kind: receivedMs >= capture.receivedMs ? 'next' : 'earlier', capture, share: ofFirst }
  if (ofSecond >= nearlyAll && shingles.length >= fewestShingles) return { kind: 'contained', capture, share: ofSecond }
  return null
}

const order = { same: 0, next: 1, earlier: 2, contained: 3 } as const

function byLikeness(a: Likeness, b: Likeness): number {
  return (
    order[a.kind] - order[b.kind] ||
    b.share - a.share ||
    b.capture.receivedMs - a.capture.receivedMs ||
    (a.capture.storyKey < b.capture.storyKey ? -1 : 1)
  )
}

/** The key of a story without a supplier's id: made from the content of its first capture. */
export const contentKeyOf = (item: Pick<Item, 'supplier' | 'content'>): string =>
  `${item.supplier}:text-${(item.content?.hash ?? '').slice(0, 32)}`
