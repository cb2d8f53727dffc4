import type { Story } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { enrich } from './index.ts'

const body = (...paragraphs: string[]): Story => ({
  language: 'nl',
  headlines: [{ value: 'Kop' }],
  bodyText: paragraphs.join('\n\n'),
  bodyHtml: paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join(''),
})
const enriched = (story: Story) => enrich(story, { supplier: 'anp', language: 'nl' })

describe('the dateline', () => {
  it('leaves text and HTML, and gives city and credits', () => {
    expect(enriched(body('SÃO PAULO (ANP/AFP) - De metro staat stil.', 'Meer volgt.'))).toEqual({
      ...body('De metro staat stil.', 'Meer volgt.'),
      dateline: 'SÃO PAULO (ANP/AFP)',
      located: 'São Paulo',
      infoSources: [
        { name: 'ANP', literal: 'ANP' },
        { name: 'AFP', literal: 'AFP' },
      ],
    })
  })

  it.each([
    ['<p><b>DEN HAAG</b> (ANP) - De brug is dicht.</p>', '<p>De brug is dicht.</p>'],
    ['<p><strong>DEN HAAG (ANP) -</strong> De <i>brug</i> is dicht.</p>', '<p>De <i>brug</i> is dicht.</p>'],
    ['<h2>DEN&#32;HAAG (ANP)</h2>', '<h2>DEN&#32;HAAG (ANP)</h2>'],
    ['<p>DEN HAAG (ANP) -&nbsp;De brug is dicht.</p>', '<p>De brug is dicht.</p>'],
  ])('is taken out of %s', (bodyHtml, expected) => {
    const story = { bodyHtml, bodyText: 'DEN HAAG (ANP) - De brug is dicht.' }
    expect(enriched(story).bodyHtml).toBe(expected)
  })

  it('may be a paragraph of its own', () => {
    expect(enriched(body('DEN HAAG (ANP) -', 'De brug is dicht.'))).toMatchObject({
      ...body('De brug is dicht.'),
      located: 'Den Haag',
    })
    expect(enriched(body('DEN HAAG (ANP) -')).located).toBeUndefined()
  })

  it('stays where HTML and text begin differently', () => {
    const story: Story = {
      bodyHtml: '<h1>Kop</h1><p>DEN HAAG (ANP) - De</p>',
      bodyText: 'DEN HAAG (ANP) - De brug is dicht.',
    }
    expect(enriched(story)).toMatchObject({ bodyHtml: story.bodyHtml, bodyText: story.bodyText })
  })

  it("does not replace the supplier's own place, and adds its credits after those printed, each once", () => {
    const story = {
      ...body('LONDEN (ANP/RTR) - De'),
      located: 'London',
      infoSources: [{ name: 'Reuters' }, { name: 'Waterschap' }],
    }
    expect(enriched(story)).toMatchObject({
      located: 'London',
      infoSources: [{ literal: 'ANP' }, { name: 'Reuters', literal: 'RTR' }, { name: 'Waterschap' }],
    })
  })

  it('is read from a field of its own', () => {
    expect(enriched({ dateline: 'Paris, 21 jan 2019 (AFP) -' })).toMatchObject({
      dateline: 'Paris, 21 jan 2019 (AFP)',
      located: 'Paris',
      infoSources: [{ name: 'AFP', literal: 'AFP' }],
    })
  })
})

describe('notes to editors', () => {
  it('leave the body: replacement notice first, sign-off and footer last', () => {
    const footer = '(ANP Redactie AFN/Economie, email economie(at)anp.nl, +31 20 560 6070)'
    const story = enriched(
      body(
        'N i e u w bericht, vervangt: Oude kop',
        'DEN HAAG (ANP) - De brug is dicht.',
        'Meer volgt.',
        'rfj/bcp/dl',
        footer,
      ),
    )
    expect(story).toMatchObject({
      bodyText: 'De brug is dicht.\n\nMeer volgt.',
      bodyHtml: '<p>De brug is dicht.</p><p>Meer volgt.</p>',
      edNotes: ['N i e u w bericht, vervangt: Oude kop', 'rfj/bcp/dl', footer],
      located: 'Den Haag',
    })
  })

  it.each(['and/or', 'en/of', 'Jan/Piet', 'rfj', 'een zin met rfj/bcp erin', 'rfj/bcp/dl.'])(
    'does not take "%s" for a sign-off',
    (last) => {
      expect(enriched(body('De brug is dicht.', last)).bodyText).toBe(`De brug is dicht.\n\n${last}`)
    },
  )

  it('does not empty a body of one paragraph', () => {
    expect(enriched(body('rfj/bcp/dl')).bodyText).toBe('rfj/bcp/dl')
  })
})

describe('the headline', () => {
  const text = (bodyText: string, more: Partial<Story> = {}) => enriched({ bodyText, ...more })
  it('is the first sentence where there is none', () => {
    expect(text('De brug bij Lelystad is dicht. Dat meldt de politie.')).toMatchObject({
      headlines: [{ value: 'De brug bij Lelystad is dicht' }],
      flags: ['headline-from-body'],
    })
  })

  it('is at most 100 characters, cut between words', () => {
    const headline = text(`${'woord '.repeat(40)}.`).headlines?.[0]?.value ?? ''
    expect(headline.length).toBeLessThanOrEqual(100)
    expect(headline).toMatch(/woord…$/)
    expect(text('x'.repeat(300)).headlines?.[0]?.value).toHaveLength(100)
  })

  it('is not taken from the text of a recall', () => {
    expect(text('Geheim. Meer.', { pubStatus: 'canceled' }).headlines).toBeUndefined()
  })

  it('stands when the supplier gave one', () => {
    expect(text('De brug is dicht.', { headlines: [{ value: 'Kop' }] }).headlines).toEqual([{ value: 'Kop' }])
  })
})

describe('the language', () => {
  const dutch = 'De brug bij Lelystad gaat in maart twee weken dicht voor herstel van het wegdek, meldt de provincie.'
  const german =
    'Die Brücke bei Lelystad wird im März wegen Reparaturen für zwei Wochen gesperrt, teilte die Provinz mit.'
  it.each([
    [dutch, undefined, 'nl'],
    [german, undefined, 'de'],
    [german, 'nl', 'de'],
    [dutch, 'nl-NL', 'nl-NL'],
    ['Uitslagen: 3-1, 2-2.', 'nl', 'nl'],
    ['3-1, 2-2.', undefined, undefined],
  ])('of "%s" from a supplier that writes %s is %s', (bodyText, language, expected) => {
    expect(
      enrich({ bodyText }, language === undefined ? { supplier: 'x' } : { supplier: 'x', language }).language,
    ).toBe(expected)
  })

  it('is what the supplier says, whatever the text', () => {
    expect(enriched({ bodyText: german, language: 'fr' }).language).toBe('fr')
  })
})
