import { expect, it } from 'vitest'
import { pageCapture } from './page-capture.ts'

const context = { feed: { name: 'nzp-site', supplier: 'nzp', format: 'page-capture' }, receivedAtMs: 0 }
const parse = (text: string) => pageCapture.parse({ bytes: Buffer.from(text), text, charset: 'utf-8' }, context)

it.each(['{ "headline": "Geen pagina" }', '<newsItem/>', '# Notities\n\nEen regel.\nNog een regel.'])(
  'a feed that names the format still gets no story from %s',
  (text) => {
    expect(parse(text)).toMatchObject({ kind: 'reject', reason: 'malformed' })
  },
)

it('and reads a page', () => {
  expect(
    parse(
      'Brug dicht\nZWOLLE (ANP) - De brug is dicht.\nMeer uit Regio\nASSEN (ANP) - De markt is open.\n1 uur geleden',
    ),
  ).toMatchObject({ kind: 'pass' })
})

it('and takes one text with a dateline for a page of one story', () => {
  const outcome = parse('Brug dicht\nZWOLLE (ANP) - De brug is dicht.\nHet werk duurt tot mei.')
  expect(outcome).toMatchObject({
    kind: 'pass',
    value: [{ value: { story: { headlines: [{ value: 'Brug dicht' }], bodyText: expect.stringMatching(/^ZWOLLE/) } } }],
  })
})
