import { describe, expect, it } from 'vitest'
import { documentOf, type Story } from './index.ts'
import { mappingPage, ninjsMapping } from './ninjs-mapping.ts'

/** One value for each field that its place in the document shows. */
const samples: Required<Story> = {
  id: 'a',
  version: '1',
  versionCreated: '2026-01-01T00:00:00Z',
  firstCreated: '2026-01-01T00:00:00Z',
  contentCreated: '2026-01-01T00:00:00Z',
  expires: '2026-01-01T00:00:00Z',
  type: 'picture',
  profile: 'p',
  pubStatus: 'usable',
  embargoed: '2026-01-01T00:00:00Z',
  urgency: 1,
  supplierUrgency: '1',
  language: 'nl',
  headlines: [{ value: 'h' }],
  slugline: 's',
  by: 'b',
  dateline: 'd',
  located: 'l',
  bodyHtml: '<p>b</p>',
  bodyText: 'b',
  descriptions: [{ value: 'd' }],
  edNotes: ['e'],
  section: 's',
  keywords: ['k'],
  subjects: [{ name: 's' }],
  people: [{ name: 'p' }],
  organisations: [{ name: 'o' }],
  places: [{ name: 'p' }],
  objects: [{ name: 'o' }],
  events: [{ name: 'e' }],
  genres: [{ name: 'g' }],
  infoSources: [{ name: 'i' }],
  copyrightHolder: 'c',
  copyrightNotice: 'c',
  usageTerms: 'u',
  signals: ['s'],
  change: 'repeat',
  replaces: ['r'],
  altIds: [{ role: 'r', value: 'v' }],
  renditions: [{ name: 'r' }],
  associations: [{ name: 'a', uri: 'u' }],
  flags: ['f'],
  unmapped: ['u'],
}
const always = ['type', 'pubStatus', 'standard']
const filled = (story: Story): string[] =>
  Object.entries(documentOf(story, 'anp')).flatMap(([name, value]) => (value === undefined ? [] : [name]))

describe('the mapping of stories to ninjs', () => {
  it.each(Object.entries(ninjsMapping))('of %s is what the list says', (field, { ninjs }) => {
    const story: Story = { [field]: samples[field as keyof Story] }
    expect(new Set(filled(story))).toEqual(new Set([...always, ...ninjs]))
  })

  it('is what the page in docs says', async () => {
    await expect(mappingPage()).toMatchFileSnapshot('../../../docs/mapping.md')
  })
})
