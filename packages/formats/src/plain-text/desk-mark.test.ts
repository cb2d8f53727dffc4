import { describe, expect, it } from 'vitest'
import { readMark } from './desk-mark.ts'

const context = {
  feed: { name: 'f', supplier: 's', timezone: 'Europe/Amsterdam' },
  receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
}
const read = (line: string) => readMark(line, context)

describe('readMark', () => {
  it.each([
    ['EMBARGO', 'indefinite'],
    ['*** ONDER EMBARGO ***', 'indefinite'],
    ['Embargo tot nader order', 'indefinite'],
    ['EMBARGO TOT 15.15 UUR', '2026-01-20T15:15:00+01:00'],
    ['Embargo: dinsdag 20 januari, 15.15 uur', '2026-01-20T15:15:00+01:00'],
    ['EMBARGO TOT EN MET 20 JANUARI', 'indefinite'],
    ['Embargo tot en met 20 januari', 'indefinite'],
    ['NIET PUBLICEREN VOOR 21 JANUARI 2026 06.00 UUR', '2026-01-21T06:00:00+01:00'],
    ['Embargoed for publication until 00:01 GMT, 21 January 2026', '2026-01-21T00:01:00Z'],
    ['Not for release before 6 am EST on January 21, 2026', '2026-01-21T06:00:00-05:00'],
    ['HOLD FOR RELEASE', 'indefinite'],
    ['Sperrfrist: 21. Januar 2026, 14.20 Uhr', '2026-01-21T14:20:00+01:00'],
    ['Frei ab 21. Januar 2026, 14.20 Uhr', '2026-01-21T14:20:00+01:00'],
    ['SPERRFRIST BIS AUF WEITERES', 'indefinite'],
    ["Sous embargo jusqu'au mercredi 21 janvier 2026 à 6 h 00", '2026-01-21T06:00:00+01:00'],
    ['Être soumise à un embargo pour publication jusqu’à 14h00', '2026-01-20T14:00:00+01:00'],
    ['EMBARGO OPGEHEVEN', 'none'],
    ['Die Sperrfrist', null],
    ['Sperrfrist aufgehoben', 'none'],
    ['Embargo levé', 'none'],
    ['Onder embargo tot na de persconferentie', 'indefinite'],
    ['Embargo tot na afloop van de zitting', 'indefinite'],
    [
      'EMBARGO TOT DINSDAG 20 JANUARI 2026 15.15 UUR IN VERBAND MET DE PRESENTATIE VAN DE BEGROTING IN DE RAADSZAAL',
      '2026-01-20T15:15:00+01:00',
    ],
    ['Embargo tot 20 januari 15.15 uur in verband met de presentatie van de begroting', '2026-01-20T15:15:00+01:00'],
    ['Embargo tot 1 februari 2027 tegen Zandrië', null],
    ['Embargo tot 1 februari 2027 verlengd', null],
    ['Sperrfrist für Atomanlagen', null],
  ])('reads the embargo of "%s"', (line, embargoed) => {
    expect(read(line)).toEqual(embargoed === null ? null : expect.objectContaining({ kind: 'embargo', embargoed }))
  })

  it.each([
    ['Embargo tot 25 oktober 2026, 02.30 uur', ['zone-assumed', 'time-ambiguous']],
    ['Embargo tot 29 maart 2026, 02.30 uur', ['zone-assumed', 'time-skipped']],
    ['Embargo tot 29 maart 2026, 03.30 uur', ['zone-assumed']],
    ['Embargo tot 25 oktober 2026, 02.30 GMT', []],
  ])('flags what is assumed of "%s"', (line, flags) => {
    expect(read(line)).toMatchObject({ flags })
  })

  it.each([
    ['KILL KILL KILL', 'kill'],
    ['BERICHT VERVALT', 'kill'],
    ['Bericht vervalt: Brug dicht', 'kill'],
    ['INTREKKING - Brug dicht', 'kill'],
    ['STORY WITHDRAWN', 'kill'],
    ['MANDATORY KILL: Bridge closed', 'kill'],
    ['Meldung zurückgezogen', 'kill'],
    ['DÉPÊCHE ANNULÉE', 'kill'],
    ['CORRECTIE', 'correction'],
    ['(Berichtigung: 2. Absatz)', 'correction'],
    ['RECTIFICATIF', 'correction'],
    ['Annule et remplace', 'correction'],
    ['REPEAT', 'repeat'],
    ['Wiederholung', 'repeat'],
    ['FLASH', 'urgency'],
    ['Eil', 'urgency'],
    ['THIS IS A TEST', 'test'],
    ['PERSBERICHT', 'press-release'],
    ['FOR IMMEDIATE RELEASE', 'press-release'],
    ['Dit is een origineel persbericht van Stichting Zandoog', 'press-release'],
  ])('reads "%s" as %s', (line, kind) => {
    expect(read(line)?.kind).toBe(kind)
  })

  it.each([
    'Embargo tegen Zandrië verlengd',
    'Embargo op olie geldt tot 2027, zegt minister',
    'EMBARGO OP OLIE',
    'Embargoed goods pile up in port of Sea Haven',
    'Kill Bill opnieuw in de bioscoop',
    'Kill switch stops trawler',
    'Retrait : la réforme suspendue',
    'Niet gebruiken: kraanwater in Zwolle',
    'Test met nieuwe veerboot geslaagd',
    'Flash floods close bridge',
    'Urgent need for new ferry, says minister',
    'Correction facility opens in Sea Haven',
    'Repeat offenders lose licence',
    'Eilanden krijgen nieuwe veerboot',
    'Persbericht leidt tot ophef',
    'Update over de brug',
    'Flashmob op het station',
  ])('takes "%s" for a headline', (line) => {
    expect(read(line)).toBeNull()
  })

  it.each([
    ['CORRECTIE: Brug bij Lelystad in maart dicht', 'Brug bij Lelystad in maart dicht'],
    ['URGENT - Le pont est fermé', 'Le pont est fermé'],
    ['EMBARGO TOT 15.15 UUR: Begroting van Havenstad sluit', 'Begroting van Havenstad sluit'],
    ['Correction: the bridge closes in March.', undefined],
  ])('finds the headline behind the words of "%s"', (line, rest) => {
    expect(read(line)).not.toBeNull()
    expect(read(line)?.rest).toBe(rest)
  })
})
