import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { decode } from '../decode.ts'
import { newsmlG2 } from './newsml-g2.ts'

const folder = fileURLToPath(new URL('../../../../../shared/iptc/newsml-g2/examples/', import.meta.url))

/** Fragments that the guidelines show without their item are no documents of the standard. */
const fragments = 'LISTING_25 LISTING_28 LISTING_7 LISTING_8 LISTING_9'
/** Skeletons whose content the guidelines leave out. */
const skeletons = 'LISTING_16 LISTING_29 ap_metadata_example facet-example-2 facet-example'
const notStories =
  'LISTING_6 LISTING_10 LISTING_11 LISTING_12 LISTING_13 LISTING_14 LISTING_15 LISTING_17 LISTING_18 LISTING_19 LISTING_20 LISTING_23'

const expectedOf = (name: string): string => {
  const short = /^LISTING_\d+A?|^[^.]+/.exec(name)?.[0] ?? name
  const isIn = (list: string): boolean => list.split(' ').includes(short)
  if (isIn(fragments)) return 'not recognised'
  if (isIn(skeletons)) return 'no-story'
  if (short === 'LISTING_24') return 'not-a-story no-story no-story no-story no-story'
  return isIn(notStories) ? 'not-a-story' : 'story'
}

function outcomeOf(name: string): string {
  const decoded = decode(readFileSync(folder + name))
  if (decoded.kind !== 'pass') return decoded.reason
  if (!newsmlG2.recognises(decoded.value)) return 'not recognised'
  const parsed = newsmlG2.parse(decoded.value, { feed: { name: 'iptc', supplier: 'iptc' }, receivedAtMs: 0 })
  if (parsed.kind !== 'pass') return `${parsed.reason}: ${parsed.detail}`
  return parsed.value.map((item) => (item.kind === 'pass' ? 'story' : item.reason)).join(' ')
}

describe.skipIf(!existsSync(folder))(`IPTC's examples (skipped where ${folder} is absent)`, () => {
  const names = existsSync(folder) ? readdirSync(folder) : []

  it.each(names)('takes %s by the right rule', (name) => {
    expect(outcomeOf(name)).toBe(expectedOf(name))
  })

  it('finds stories among them', () => {
    expect(names.filter((name) => outcomeOf(name) === 'story').length).toBeGreaterThan(8)
  })
})
