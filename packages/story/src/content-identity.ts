import { hash } from 'node:crypto'

const maxShingles = 200
const runLength = 3

/** What stands for a text whose supplier gave no id. */
export interface ContentIdentity {
  /** sha256 over the words of headline and text: case, punctuation and white space do not count. */
  readonly hash: string
  /** The 200 lowest 32-bit hashes of the text's three-word runs, ascending, each once; all of them where there are fewer. */
  readonly shingles: readonly number[]
}

export function contentIdentity(headline: string, text: string): ContentIdentity {
  const words = wordsOf(text)
  return { hash: hash('sha256', `${wordsOf(headline).join(' ')}\n${words.join(' ')}`), shingles: shinglesOf(words) }
}

/** How much of the text behind `part` is in the text behind `whole`, from 0 to 1, estimated from their shingles. */
export const containment = (part: ArrayLike<number>, whole: ArrayLike<number>): number => overlap(part, whole).ofFirst

/**
 * How much of each text is in the other, from 0 to 1, estimated from their shingles. Up to the lower of both highest sampled hashes
 * each sample is complete, so that the shares found there are the shares in the texts.
 */
export function overlap(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { readonly ofFirst: number; readonly ofSecond: number } {
  const limit = Math.min(sampledUpTo(first), sampledUpTo(second))
  let one = 0
  let other = 0
  let shared = 0
  while (one < first.length && other < second.length) {
    const left = first[one] as number
    const right = second[other] as number
    if (left > limit || right > limit) break
    if (left === right) shared++
    if (left <= right) one++
    if (right <= left) other++
  }
  one = countUpTo(first, limit, one)
  other = countUpTo(second, limit, other)
  return { ofFirst: one === 0 ? 0 : shared / one, ofSecond: other === 0 ? 0 : shared / other }
}

function countUpTo(shingles: ArrayLike<number>, limit: number, from: number): number {
  let count = from
  while (count < shingles.length && (shingles[count] as number) <= limit) count++
  return count
}

const sampledUpTo = (shingles: ArrayLike<number>): number =>
  shingles.length < maxShingles ? Number.POSITIVE_INFINITY : (shingles[shingles.length - 1] as number)

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

function shinglesOf(words: readonly string[]): number[] {
  if (words.length === 0) return []
  const hashes = words.map(wordHash)
  const found = new Set<number>()
  for (let at = 0; at < Math.max(1, hashes.length - runLength + 1); at++) {
    let run = 0
    for (let next = at; next < Math.min(at + runLength, hashes.length); next++) run = mix(run, hashes[next] as number)
    found.add(finish(run))
  }
  return [...found].sort((a, b) => a - b).slice(0, maxShingles)
}

/** FNV-1a over UTF-16 units. */
function wordHash(word: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193)
  return value
}

const mix = (run: number, next: number): number => Math.imul(((run << 5) | (run >>> 27)) ^ next, 0x9e3779b1)

/** The finaliser of MurmurHash3: spreads the runs evenly, which sampling by the lowest hashes needs. */
function finish(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}
