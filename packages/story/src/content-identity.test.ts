import { describe, expect, it } from 'vitest'
import { containment, contentIdentity } from './index.ts'

const words = (count: number, seed: number): string[] =>
  Array.from({ length: count }, (_, at) => `w${(Math.imul(at + 1, 2654435761) ^ (seed * 40503)) >>> 0}`)
const shingles = (text: string) => contentIdentity('', text).shingles

describe('contentIdentity', () => {
  it('does not see case, punctuation and white space', () => {
    expect(contentIdentity('Brug DICHT', 'De brug, is  dicht.').hash).toBe(
      contentIdentity('brug dicht', '"De brug" is dicht').hash,
    )
    expect(contentIdentity('a', 'b c d').hash).not.toBe(contentIdentity('a', 'b c e').hash)
  })

  it('keeps at most 200 hashes, ascending', () => {
    const found = shingles(words(3000, 1).join(' '))
    expect(found).toHaveLength(200)
    expect(found).toEqual([...new Set(found)].sort((a, b) => a - b))
  })
})

describe('containment', () => {
  it('is 1 of a brief in the article that begins with it, whatever the length', () => {
    const article = words(2000, 2)
    expect(containment(shingles(article.slice(0, 60).join(' ')), shingles(article.slice(0, 190).join(' ')))).toBe(1)
    expect(containment(shingles(article.slice(0, 900).join(' ')), shingles(article.join(' ')))).toBe(1)
  })

  it('estimates the share of a longer text in a shorter one', () => {
    const article = words(1200, 3)
    const share = containment(shingles(article.join(' ')), shingles(article.slice(0, 300).join(' ')))
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.36)
  })

  it('is 0 between different texts, and of an empty one', () => {
    expect(containment(shingles(words(400, 4).join(' ')), shingles(words(400, 5).join(' ')))).toBe(0)
    expect(containment([], shingles('a b c'))).toBe(0)
  })

  it('falls a little when a few words change', () => {
    const before = words(150, 6)
    const after = before.map((word, at) => (at % 50 === 10 ? `${word}x` : word))
    const share = containment(shingles(before.join(' ')), shingles(after.join(' ')))
    expect(share).toBeGreaterThan(0.85)
    expect(share).toBeLessThan(1)
  })
})
