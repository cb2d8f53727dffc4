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

/**
 * How much of the text behind `part` is in the text behind `whole`, from 0 to 1, estimated from their shingles. Up to the lower of
 * both highest sampled hashes each sample is complete, so that the share found there is the share in the texts.
 */
export function containment(part: readonly number[], whole: readonly number[]): number {
  const limit = Math.min(sampledUpTo(part), sampledUpTo(whole))
  let compared = 0
  let shared = 0
  let at = 0
  for (const shingle of part) {
    if (shingle > limit) break
    compared++
    while (at < whole.length && (whole[at] as number) < shingle) at++
    if (whole[at] === shingle) shared++
  }
  return compared === 0 ? 0 : shared / compared
}

const sampledUpTo = (shingles: readonly number[]): number =>
  shingles.length < maxShingles ? Number.POSITIVE_INFINITY : (shingles.at(-1) ?? 0)

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
