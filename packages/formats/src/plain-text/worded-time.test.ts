import { describe, expect, it } from 'vitest'
import { readWordedTime } from './worded-time.ts'

/** A Tuesday, 13.00 in Amsterdam. */
const receivedAtMs = Date.parse('2026-01-20T12:00:00Z')
const read = (text: string, timezone = 'Europe/Amsterdam', at = receivedAtMs) =>
  readWordedTime(text, { feed: { name: 'f', supplier: 's', timezone }, receivedAtMs: at })

describe('readWordedTime', () => {
  it.each([
    ['dinsdag 20 januari 2026, 15.15 uur', '2026-01-20T15:15:00+01:00'],
    ['20 jan. 2026 om 15:15 uur', '2026-01-20T15:15:00+01:00'],
    ['20-01-2026 15u30', '2026-01-20T15:30:00+01:00'],
    ['vanaf 20/01/26, 15.15', '2026-01-20T15:15:00+01:00'],
    ['2026-01-20T15:15', '2026-01-20T15:15:00+01:00'],
    ['1 juli 2026 06.00 uur', '2026-07-01T06:00:00+02:00'],
    ['January 20, 2026, 3:15 p.m.', '2026-01-20T15:15:00+01:00'],
    ['00:01 GMT on Friday 23rd January 2026', '2026-01-23T00:01:00Z'],
    ['0001 GMT, January 23 2026', '2026-01-23T00:01:00Z'],
    ['noon on 21 January 2026', '2026-01-21T12:00:00+01:00'],
    ['6 am EST 21 January 2026', '2026-01-21T06:00:00-05:00'],
    ['Mittwoch, den 21. März 2026 um 14.20 Uhr', '2026-03-21T14:20:00+01:00'],
    ['21. Jan. 2026 14 Uhr (MEZ)', '2026-01-21T14:00:00+01:00'],
    ['21.01.2026, 14:20 Uhr', '2026-01-21T14:20:00+01:00'],
    ['mercredi 21 janvier 2026 à 6h00', '2026-01-21T06:00:00+01:00'],
    ['1er février 2026 à 14 heures', '2026-02-01T14:00:00+01:00'],
    ['15 août 2026 à 14 h 30', '2026-08-15T14:30:00+02:00'],
    ['23 de octubre de 2026 a las 14.20', '2026-10-23T14:20:00+02:00'],
    ['miércoles, 21 de enero de 2026, 6:00 horas', '2026-01-21T06:00:00+01:00'],
    ['23 października 2026, godz. 14.20', '2026-10-23T14:20:00+02:00'],
    ['środa, 21 stycznia 2026 o 6:00', '2026-01-21T06:00:00+01:00'],
    ['1/31/2026 14:00', '2026-01-31T14:00:00+01:00'],
  ])('reads "%s"', (text, instant) => {
    expect(read(text)).toMatchObject({ instant, dateAssumed: false })
  })

  it.each([
    ['a time still to come today', '15.15 uur', '2026-01-20T15:15:00+01:00'],
    ['a time that is past today: tomorrow, for late is better than early', '06.00 uur', '2026-01-21T06:00:00+01:00'],
    ['a weekday to come', 'vrijdag 06.00 uur', '2026-01-23T06:00:00+01:00'],
    ['this weekday, when the time is past: next week', 'Tuesday 9 am', '2026-01-27T09:00:00+01:00'],
    ['tomorrow', 'morgen 6.00 uur', '2026-01-21T06:00:00+01:00'],
    ['today', "aujourd'hui à 18h", '2026-01-20T18:00:00+01:00'],
    ['midnight: the coming one', 'midnight', '2026-01-21T00:00:00+01:00'],
    ['a day without a year: the nearest', '31 december 12.00 uur', '2025-12-31T12:00:00+01:00'],
    ['the nearest may be next year', '3 juli 12.00 uur', '2026-07-03T12:00:00+02:00'],
    ['a day without a time: its midnight', '22 januari 2026', '2026-01-22T00:00:00+01:00'],
  ])('completes %s', (_what, text, instant) => {
    expect(read(text)?.instant).toBe(instant)
  })

  it('takes the later reading of a time that the clock shows twice or never, and tells', () => {
    expect(read('25 oktober 2026, 02.30 uur')).toMatchObject({
      instant: '2026-10-25T02:30:00+01:00',
      clockChange: 'ambiguous',
    })
    expect(read('29 maart 2026, 02.30 uur')).toMatchObject({
      instant: '2026-03-29T03:30:00+02:00',
      clockChange: 'skipped',
    })
  })

  it('says whether the zone was named', () => {
    expect(read('15:15 GMT')?.zoneAssumed).toBe(false)
    expect(read('15:15')?.zoneAssumed).toBe(true)
  })

  it('says how much of the text it took', () => {
    const text = '15.15 uur: begroting sluit'
    expect(text.slice(read(text)?.length)).toBe(': begroting sluit')
  })

  it.each(['', 'nader order', 'na afloop', 'Cuba', 'mei', '99 januari', '25:61', '...', '31 februari 2026'])(
    'reads no time in "%s"',
    (text) => {
      expect(read(text)).toBeNull()
    },
  )
})
