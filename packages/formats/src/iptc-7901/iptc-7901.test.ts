import { describe, expect, it } from 'vitest'
import { textReader } from '../testing/text-reader.ts'
import { iptc7901 } from './iptc-7901.ts'

const { recognises, parse, firstItem } = textReader(iptc7901, {
  feed: { name: 'dpa-basis', supplier: 'dpa', timezone: 'Europe/Berlin' },
  receivedAtMs: Date.parse('2026-10-20T12:00:00Z'),
})

interface Parts {
  readonly header?: string
  readonly head?: string
  readonly body?: string
  readonly date?: string
}
const message = ({ header = 'bdt0001 3 pl 9  dpa 0001', head = 'Brücke gesperrt =', ...rest }: Parts = {}) => {
  const { body = 'Berlin (dpa) - Die Brücke ist gesperrt.', date = '201200 MESZ Okt 26' } = rest
  return `\x01${header}\r\n\r\nBrücke/\r\n\x02${head}\r\n\r\n${body}\r\n\r\n\x03${date}\r\n\x7f\x04`
}
const only = (parts: Parts) => firstItem(message(parts))

describe('IPTC 7901', () => {
  it('gives the same source for an item sent again, whatever number, service and time it has then', () => {
    const first = only({})
    const again = only({ header: 'hfk0950 3 pl 10  dpa 4711  br 2452', date: '201315 MESZ Okt 26' })
    expect(again.source).toBe(first.source)
    expect(first.source).not.toMatch(/0001|bdt|MESZ/)
    expect(only({ body: 'Berlin (dpa) - Die Brücke ist offen.' }).source).not.toBe(first.source)
    expect(only({ header: 'bdt0001 1 pl 9  dpa 0001' }).source).not.toBe(first.source)
  })

  it.each([
    'bdt0000 3 vm 831  dpa 0000',
    'eca062 4 i 211 ccccb   dpa 061',
    'eca00075 3 i 510    dpa 1003',
    'bsf025 3 ec 121   etf 967',
    'bsf037 4 su 174 gef 1388',
    'bkn014 4 pl 171 vvvvb KNA 170123-89-00065#2',
    'nsb0000 4 vm 71  lni 0000',
    'bdt0709 3 pl 691  dpa 4402  br 2452',
    'bdt0709 6 pl 691',
  ])('recognises %j with padding, with and without SOH', (header) => {
    const text = message({ header })
    for (const each of [text, text.slice(1), `\x7f\x7f\r\n\x7f${text}`, `\r\n\r\n${text.slice(1)}`])
      expect(recognises(each)).toBe(true)
  })

  it.each([
    'Berlin (dpa) - Die Brücke ist gesperrt.',
    'bdt0001 is a number',
    '{"uri":"bdt0001 3 pl 9  dpa 0001"}',
    'Notiz\nbdt0001 3 pl 9  dpa 0001',
    '\x16\x16\x01a0001\x1fasian\nr i\x13\x11 BC-Bridge   10-20 0009\n',
  ])('does not take %j for its own, and rejects it where the feed names the format', (text) => {
    expect(recognises(text)).toBe(false)
    expect(parse(text)).toMatchObject({ kind: 'reject', reason: 'malformed' })
  })

  it.each([
    ['(Sperrfrist 9. Oktober 14.20 Uhr)', '2026-10-09T14:20:00+02:00'],
    ['(Sperrfrist: Freitag, 23. Oktober 2026, 10 Uhr)', '2026-10-23T10:00:00+02:00'],
    ['(Sperrfrist 23.10.2026 18.00 Uhr MESZ - frei für Abendausgaben)', '2026-10-23T18:00:00+02:00'],
    ['(Sperrfrist 18.00 Uhr)', '2026-10-20T18:00:00+02:00'],
    ['(Sperrfrist 6.00 Uhr)', '2026-10-21T06:00:00+02:00'],
    ['(Sperrfrist Donnerstag, 6.00 Uhr)', '2026-10-22T06:00:00+02:00'],
    ['(Sperrfrist 25. Oktober 2.30 Uhr)', '2026-10-25T02:30:00+01:00'],
    ['(Sperrfrist 2. Januar)', '2027-01-02T00:00:00+01:00'],
    ['(Sperrfrist)', 'indefinite'],
    ['(Sperrfrist bis Redaktionsschluss)', 'indefinite'],
    ['(Sperrfrist aufgehoben)', 'none'],
    ['EMBARGOED for publication until 9 October 14:20 GMT', '2026-10-09T14:20:00Z'],
    ['EMBARGOED for publication until October 23, 2:20 pm', '2026-10-23T14:20:00+02:00'],
    ['EMBARGOED until 1420 GMT, Oct 23', '2026-10-23T14:20:00Z'],
    ["Être soumise à un embargo pour publication jusqu'au 23 octobre à 14h20", '2026-10-23T14:20:00+02:00'],
    ['EMBARGADO HASTA el 23 de octubre de 2026 a las 14.20', '2026-10-23T14:20:00+02:00'],
    ['EMBARGOED do publikacji do 23 października 2026 14:20', '2026-10-23T14:20:00+02:00'],
  ])('holds a story by %j', (line, embargoed) => {
    const { story } = only({ head: `${line}\r\nBrücke gesperrt =` })
    expect(story.embargoed).toBe(embargoed)
    expect(story.headlines).toEqual([{ value: 'Brücke gesperrt' }])
    expect(story.edNotes).toEqual([line.replace(/^\(|\)$/g, '')])
  })

  it('does not hold a story about an embargo', () => {
    const { story } = only({ head: 'Embargo gegen Beispielland verlängert =' })
    expect(story.embargoed).toBeUndefined()
    expect(story.headlines).toEqual([{ value: 'Embargo gegen Beispielland verlängert' }])
  })

  it.each([
    ['(Berichtigung)', 'correction'],
    ['(Berichtigung: Name)', 'correction'],
    ['Correction', 'correction'],
    ['VERSIÓN CORREGIDA', 'correction'],
    ['Korekta', 'correction'],
    ['(Wiederholung)', 'repeat'],
    ['REFILE', 'repeat'],
    ['RPT RPT', 'repeat'],
    ['Remettre', 'repeat'],
    ['Powtarzanie', 'repeat'],
    ['(Aktualisierung)', undefined],
    ['Mettre à jour', undefined],
    ['ACTUALIZACIÓN', undefined],
  ])('reads %j above a headline as no part of it', (line, change) => {
    const { story } = only({ head: `${line}\r\nBrücke gesperrt =` })
    expect(story.change).toBe(change)
    expect(story.signals).toEqual([`sig:${change ?? 'update'}`])
    expect(story.headlines).toEqual([{ value: 'Brücke gesperrt' }])
  })

  it.each([
    ['(Blitz \x07\x07\x07)\r\nBrücke gesperrt', 1],
    ['(Eil \x07)\r\nBrücke gesperrt', 2],
    ['FLASH: \x07 Brücke gesperrt', 1],
    ['URGENT: \x07 Brücke gesperrt', 2],
    ["D'URGENCE: \x07 Brücke gesperrt", 2],
    ['PILNE: \x07 Brücke gesperrt', 2],
  ])('reads the priority of %j, and leaves the headline', (head, urgency) => {
    const { story } = only({ head: `${head} =` })
    expect(story.urgency).toBe(urgency)
    expect(story.supplierUrgency).toBe('3')
    expect(story.headlines).toEqual([{ value: 'Brücke gesperrt' }])
  })

  it.each([
    '* * * *\nDie folgenden Informationen sind nicht zur Veröffentlichung bestimmt',
    'Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt',
    'The following information is not for publication',
    'The following information is not intended for publication',
    '* * * *',
    '# Notizblock',
    '# Notebook',
    '# Bloc-notes',
  ])('publishes nothing from %j on', (mark) => {
    const { story } = only({
      body: `Berlin (dpa) - Die Brücke ist gesperrt.\n\n${mark}\n\n## Kontakte\n- Max, 0555 1234`,
    })
    expect(story.bodyText).toBe('Berlin (dpa) - Die Brücke ist gesperrt.')
    expect(story.edNotes?.at(-1)).toBe('Kontakte\n- Max, 0555 1234')
  })

  it.each(['dpa abc yydd n1 sku', 'dpa s5', '(SDA/mf ba)', '(SDA\\/mf ba)', '(Schluss) abc/def'])(
    'takes %j at the end for the authors, not for text',
    (line) => {
      const { story } = only({ body: `Berlin (dpa) - Die Brücke ist gesperrt.\n\n${line}` })
      expect(story.bodyText).toBe('Berlin (dpa) - Die Brücke ist gesperrt.')
      expect(story.edNotes).toEqual([line])
    },
  )

  it.each(['dpa berichtet weiter.', 'Mehr folgt', '(dpa)', 'Die dpa hat mehr'])(
    'leaves %j at the end in the text',
    (line) => {
      const { story } = only({ body: `Berlin (dpa) - Die Brücke ist gesperrt.\n\n${line}` })
      expect(story.bodyText).toBe(`Berlin (dpa) - Die Brücke ist gesperrt.\n\n${line}`)
    },
  )

  it.each([
    'KILL KILL KILL',
    'HOLD HOLD HOLD',
    '*** ELIMINAR - ELIMINAR ***',
    '(Meldung zurückgezogen)',
    'STORY WITHDRAWN',
  ])('rejects a kill by the words %j, which name no story, and kills nothing by them where there is an id', (words) => {
    expect(parse(message({ head: `${words} =` }))).toMatchObject({ value: [{ reason: 'kill-without-id' }] })
    const { story } = only({ header: 'bkn014 4 pl 9 vvvvb KNA 170123-89-00065#3', head: `${words} =` })
    expect(story).toMatchObject({ id: '170123-89-00065', version: '3', flags: ['kill-in-text'] })
    expect(story.pubStatus).toBeUndefined()
  })

  it('takes a call upon editors for a note', () => {
    const { story } = only({ head: 'ATENCION REDACCIONES\r\nBrücke gesperrt =' })
    expect(story).toMatchObject({ headlines: [{ value: 'Brücke gesperrt' }], edNotes: ['ATENCION REDACCIONES'] })
  })

  it('reads a message of bells, deletes and empty lines in a time that grows no faster than it', () => {
    const long = 400_000
    for (const body of [
      '\x07'.repeat(long),
      '\x7f\n'.repeat(40_000),
      `${' '.repeat(long)}x`,
      '='.repeat(long),
      'a '.repeat(long),
    ])
      expect(parse(message({ body })).kind).toBe('pass')
    expect(parse(message({ head: '('.repeat(long) })).kind).toBe('pass')
    expect(parse(message({ body: 'x\n'.repeat(200_000) }))).toMatchObject({ kind: 'reject', reason: 'too-complex' })
  })
})
