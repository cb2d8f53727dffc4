import { describe, expect, it } from 'vitest'
import { contentIdentity } from '../content-identity.ts'
import { captureOf, contentKeyOf, isInWindow, type KnownCapture, likenesses, readCapture } from './content-window.ts'
import { item, startMs } from './story-bench.ts'

const hour = 3_600
const words = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => `w${((at + from) * 7919) % 99991}`).join(' ')

function nameless(text: string, received: number, headline = 'Brug') {
  const { storyKey: _none, ...rest } = item({ text, received })
  const { hash, shingles } = contentIdentity(headline, text)
  return { ...rest, content: { hash, shingles: [...shingles] } }
}

const capture = (text: string, received: number, storyKey = 'anp:known'): KnownCapture =>
  readCapture(captureOf(nameless(text, received), storyKey))

const kinds = (text: string, received: number, captures: readonly KnownCapture[]) =>
  likenesses(nameless(text, received), startMs + received * 1_000, captures).map(
    ({ kind, capture: { storyKey } }) => `${kind} ${storyKey}`,
  )

describe('likenesses', () => {
  const cases: Readonly<
    Record<string, readonly [text: string, received: number, known: KnownCapture, found: string[]]>
  > = {
    'the same text is the same': [words(50), 60, capture(words(50), 0), ['same anp:known']],
    'an article that begins with the brief is its next version': [
      words(300),
      60,
      capture(words(40), 0),
      ['next anp:known'],
    ],
    'a rewrite that keeps most of it is its next version': [
      `${words(40)} ${words(20, 500)}`,
      60,
      capture(words(55), 0),
      ['next anp:known'],
    ],
    'a rewrite that keeps half of it is another story': [
      `${words(25)} ${words(30, 500)}`,
      60,
      capture(words(50), 0),
      [],
    ],
    'the brief after the article is contained in it': [words(40), 60, capture(words(190), 0), ['contained anp:known']],
    'an article received before the brief that is known already is an earlier version': [
      words(300),
      -60,
      capture(words(40), 0),
      ['earlier anp:known'],
    ],
    'another text is another story': [words(50, 1_000), 60, capture(words(50), 0), []],
    'a text of a few words is not like another by accident': [
      'een twee drie vier',
      60,
      capture('een twee drie vier vijf', 0),
      [],
    ],
    'nothing is like what is older than two days': [words(50), 48 * hour + 1, capture(words(50), 0), []],
    'within two days it is': [words(50), 48 * hour, capture(words(50), 0), ['same anp:known']],
  }
  for (const [name, [text, received, known, found]] of Object.entries(cases))
    it(name, () => expect(kinds(text, received, [known])).toEqual(found))

  it('puts the likest first, in whatever order they are asked', () => {
    const captures = [
      capture(words(60), 0, 'anp:b'),
      capture(`${words(50)} ${words(10, 900)}`, 10, 'anp:a'),
      capture(words(400), 20, 'anp:whole'),
    ]
    const found = ['next anp:b', 'next anp:a', 'contained anp:whole']
    expect(kinds(words(80), 60, captures)).toEqual(found)
    expect(kinds(words(80), 60, captures.toReversed())).toEqual(found)
  })

  it('compares with nothing that may be forgotten, by the log’s time', () => {
    const known = capture(words(50), 0)
    expect(isInWindow(known, startMs + 48 * hour * 1_000)).toBe(true)
    expect(isInWindow(known, startMs + 48 * hour * 1_000 + 1)).toBe(false)
    expect(likenesses(nameless(words(50), 60), startMs + 49 * hour * 1_000, [known])).toEqual([])
  })
})

it('keeps all shingles of a capture through its text form', () => {
  const given = nameless(words(900), 0)
  expect([...readCapture(captureOf(given, 'anp:x')).shingles]).toEqual(given.content.shingles)
  expect(captureOf(given, 'anp:x').shingles.length).toBeLessThanOrEqual(2_200)
})

it('makes one key from one text of one supplier', () => {
  const one = nameless(words(50), 0)
  expect(contentKeyOf(one)).toMatch(/^anp:text-[0-9a-f]{32}$/)
  expect(contentKeyOf({ ...one, supplier: 'dpa' })).not.toBe(contentKeyOf(one))
  expect(contentKeyOf(nameless(words(51), 0))).not.toBe(contentKeyOf(one))
})
