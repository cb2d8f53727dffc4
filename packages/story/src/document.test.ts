import { validatePublishedStory } from '@dateline/contracts'
import { describe, expect, it } from 'vitest'
import { completeDocument, killDocument, type Story, storyUri, toDocument } from './index.ts'

const parsed = (story: Story) => JSON.parse(toDocument(story, 'anp'))

describe('toDocument', () => {
  it('maps a whole story', () => {
    const story: Story = {
      id: 'ANP-020519-216',
      version: '2',
      versionCreated: '2026-01-20T14:00:00Z',
      urgency: 3,
      language: 'nl',
      headlines: [{ value: 'Brug dicht' }, { role: 'short', value: 'Dicht' }],
      dateline: 'DEN HAAG (ANP/RTR)',
      located: 'Den Haag',
      bodyHtml: '<p>De brug is dicht.</p>',
      bodyText: 'De brug is dicht.',
      section: 'Binnenland',
      keywords: ['brug'],
      subjects: [
        { uri: 'http://cv.iptc.org/newscodes/mediatopic/20000587', rel: 'about' },
        { uri: 'niet goed', name: 'x' },
      ],
      infoSources: [{ name: 'ANP', literal: 'ANP' }],
      edNotes: ['a', 'b'],
      embargoed: 'indefinite',
      signals: ['sig:update'],
      altIds: [
        { role: 'transmission', value: '7' },
        { role: 'dateline:storyseq', value: '99' },
      ],
    }
    expect(parsed(story)).toEqual({
      uri: 'urn:dateline:anp:ANP-020519-216',
      type: 'text',
      version: '2',
      versionCreated: '2026-01-20T14:00:00Z',
      pubStatus: 'usable',
      urgency: 3,
      language: 'nl',
      headlines: [
        { role: 'main', value: 'Brug dicht' },
        { role: 'short', value: 'Dicht' },
      ],
      located: 'Den Haag',
      descriptions: [{ role: 'dateline', value: 'DEN HAAG (ANP/RTR)' }],
      bodies: [
        { role: 'main', contentType: 'text/html', charCount: 17, wordCount: 4, value: '<p>De brug is dicht.</p>' },
        { role: 'text', contentType: 'text/plain', charCount: 17, wordCount: 4, value: 'De brug is dicht.' },
      ],
      edNote: 'a\nb',
      subjects: [
        { name: 'Binnenland', rel: 'section' },
        { name: 'brug', rel: 'keyword' },
        { uri: 'http://cv.iptc.org/newscodes/mediatopic/20000587', rel: 'about' },
        { literal: 'niet goed', name: 'x' },
      ],
      infoSources: [{ name: 'ANP', literal: 'ANP' }],
      standard: { name: 'ninjs', version: '3.1', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json' },
      altIds: [{ role: 'transmission', value: '7' }],
    })
  })

  it('gives a kill with its reason and without its text', () => {
    const document = parsed({
      id: 'urn:newsml:dpa.com:20090101:170626-99-998860',
      version: '4',
      pubStatus: 'canceled',
      headlines: [{ value: 'Zurückgezogen' }],
      slugline: 'Wetter',
      edNotes: ['Aus rechtlichen Gründen'],
      bodyText: 'Geheim',
      bodyHtml: '<p>Geheim</p>',
      descriptions: [{ value: 'Geheim' }],
    })
    expect(JSON.stringify(document)).not.toContain('Geheim')
    expect(document).toMatchObject({
      pubStatus: 'canceled',
      version: '4',
      edNote: 'Aus rechtlichen Gründen',
      slugline: 'Wetter',
    })
    expect(validatePublishedStory(document)).toBe(true)
  })

  it('holds an instant of an embargo only', () => {
    expect(parsed({ id: 'a', embargoed: '2026-09-15T15:15:00+02:00' }).embargoedUntil).toBe('2026-09-15T15:15:00+02:00')
    expect(parsed({ id: 'a', embargoed: 'none' }).embargoedUntil).toBeUndefined()
  })
})

describe('completeDocument', () => {
  const ids = [
    { role: 'dateline:storykey', value: 'anp:"a"' },
    { role: 'dateline:storyseq', value: '3' },
  ]
  it('adds to the ids that a document has', () => {
    const document = toDocument({ id: 'a', altIds: [{ role: 'own', value: 'x}]}' }] }, 'anp')
    expect(JSON.parse(completeDocument(document, { altIds: ids })).altIds).toEqual([
      { role: 'own', value: 'x}]}' },
      ...ids,
    ])
  })

  it('adds ids and uri to a document that has none, uri first', () => {
    const document = toDocument({ headlines: [{ value: '}]}' }] }, 'anp')
    const whole = completeDocument(document, { uri: 'urn:dateline:anp:c-1', altIds: ids })
    expect(whole.startsWith('{"uri":"urn:dateline:anp:c-1",')).toBe(true)
    expect(JSON.parse(whole).altIds).toEqual(ids)
    expect(validatePublishedStory(JSON.parse(whole))).toBe(true)
  })

  it('leaves a uri that is there, and a document to which nothing is added', () => {
    const document = toDocument({ id: 'a' }, 'anp')
    expect(completeDocument(document, { uri: 'urn:x:other', altIds: [] })).toBe(document)
  })

  it('completes a kill notice', () => {
    const document = killDocument({ uri: 'urn:dateline:anp:a', pubStatus: 'withheld', version: '2', edNote: 'desk' })
    expect(JSON.parse(completeDocument(document, { altIds: ids }))).toMatchObject({
      pubStatus: 'withheld',
      altIds: ids,
      edNote: 'desk',
    })
  })
})

describe('storyUri', () => {
  it.each([
    ['tag:reuters.com,2016:newsml_L1N14N0FF', 'tag:reuters.com,2016:newsml_L1N14N0FF'],
    ['urn:newsml:dpa.com:20090101:170626-99-998860', 'urn:newsml:dpa.com:20090101:170626-99-998860'],
    ['http://tt.se/media/text/210526', 'http://tt.se/media/text/210526'],
    ['bdt:0709:3:pl', 'urn:dateline:anp:bdt%3A0709%3A3%3Apl'],
    ['ANPX 1/2 é', 'urn:dateline:anp:ANPX%201%2F2%20%C3%A9'],
    ['http://x.nl/é', 'urn:dateline:anp:http%3A%2F%2Fx.nl%2F%C3%A9'],
    ['urn:x:%zz', 'urn:dateline:anp:urn%3Ax%3A%25zz'],
    ['\ud800', 'urn:dateline:anp:%EF%BF%BD'],
  ])('of %s is %s', (id, uri) => expect(storyUri('anp', id)).toBe(uri))
})
