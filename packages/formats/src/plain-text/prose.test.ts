import { describe, expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

const recognises = (text: string) => plainText.recognises({ bytes: Buffer.from(text), text, charset: 'utf-8' })
const sentences =
  'De gemeente Zwolle sluit de brug over de IJssel. Dat heeft het college dinsdag besloten.\n\nHet werk duurt tot mei. Bewoners krijgen een brief.'

describe('plain text', () => {
  it.each([
    ['a headline and paragraphs', `Zwolle sluit brug\n\n${sentences}`],
    ['a dateline alone', 'ZWOLLE (ANP) - De brug over de IJssel gaat dicht.'],
    ['a dateline in lower case', 'Berlin (dpa/lni) - Die Brücke ist wieder offen.'],
    ['wrapped lines', `Zwolle sluit brug\n\n${sentences.replace('. Dat', '.\nDat')}`],
    ['Windows line ends', `Zwolle sluit brug\r\n\r\n${sentences.replaceAll('\n', '\r\n')}`],
    [
      'Greek',
      `Κλειστή η γέφυρα\n\n${'Η γέφυρα του Ζβόλε θα παραμείνει κλειστή μέχρι τον Μάιο, ανακοίνωσε ο δήμος. '.repeat(2)}`,
    ],
  ])('is recognised by %s', (_what, text) => {
    expect(recognises(text)).toBe(true)
  })

  it.each([
    ['one word', 'Brug'],
    ['a few words', 'zomaar wat'],
    ['one line', 'Zwolle sluit brug over de IJssel en dat duurt tot in de maand mei van dit jaar'],
    ['a short note', '# Notities\n\nEen regel.\nNog een regel.'],
    ['a list of names', `${'Anna Vos\nJoop Terpstra\n'.repeat(20)}`],
    ['a table', `naam;aantal;prijs\n${'brug;12;3,50\n'.repeat(40)}`],
    ['tabs', `${'Zwolle\t12\t3,50\tDe brug is dicht.\n'.repeat(20)}`],
    ['settings', `${'feeds:\n  anp-site: { supplier: anp, via: folder }\n'.repeat(10)}`],
    ['a program', `${'export const read = (text) => { return text.trim(); };\nif (a < b) { c = d; }\n'.repeat(10)}`],
    [
      'base64',
      Buffer.from(sentences.repeat(20))
        .toString('base64')
        .replace(/(.{76})/g, '$1\n'),
    ],
    ['a log', `${'2026-01-20T12:00:00.123Z INFO 4711 [main] c.e.Main: started in 12.3 s (JVM 13.4)\n'.repeat(10)}`],
    ['results', `${'Ajax - PSV 2-1 (1-0)\n12. Jansen 1-0, 56. Vos 2-0, 88. Smit 2-1\n'.repeat(10)}`],
    ['mark-up', `<html><body>${sentences}</body></html>`],
    ['JSON', `["Zwolle sluit brug", "${sentences.replaceAll('\n', ' ')}"]`],
    ['JSON cut short', `{"headline": "Zwolle sluit brug",\n"body": "${sentences}`],
    ['a teleprinter', `\x01bdt0000 3 vm 831  dpa 0000\r\n\r\nBrug/\r\n\x02Zwolle sluit brug =\r\n\r\n${sentences}\x03`],
  ])('is not recognised by %s', (_what, text) => {
    expect(recognises(text)).toBe(false)
  })

  it('gives a feed that names it what little it sends: a flash of one line', () => {
    const text = 'KABINET GEVALLEN'
    const context = { feed: { name: 'f', supplier: 's', format: 'plain-text' }, receivedAtMs: 0 }
    expect(plainText.parse({ bytes: Buffer.from(text), text, charset: 'utf-8' }, context)).toMatchObject({
      kind: 'pass',
      value: [{ kind: 'pass', value: { story: { headlines: [{ value: text }] } } }],
    })
  })

  it.each(['<newsItem/>', '{"headline":"x"}', '\x01bdt0000 3 vm 831'])('but no story from %j', (text) => {
    const context = { feed: { name: 'f', supplier: 's', format: 'plain-text' }, receivedAtMs: 0 }
    expect(plainText.parse({ bytes: Buffer.from(text), text, charset: 'utf-8' }, context)).toMatchObject({
      kind: 'reject',
      reason: 'malformed',
    })
  })
})
