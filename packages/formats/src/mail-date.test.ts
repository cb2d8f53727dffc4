import { describe, expect, it } from 'vitest'
import { readMailDate } from './mail-date.ts'

describe('readMailDate', () => {
  it.each([
    ['Tue, 20 Jan 2026 09:05:00 +0100', '2026-01-20T09:05:00+01:00'],
    ['20 Jan 2026 09:05 GMT', '2026-01-20T09:05:00Z'],
    ['Tue, 20 Jan 2026 09:05:00 +0100 (CET)', '2026-01-20T09:05:00+01:00'],
    ['di, 20 Jan 26 9:05:00 CET', '2026-01-20T09:05:00+01:00'],
    ['Tue,  20  January 2026\t09:05:00 EST', '2026-01-20T09:05:00-05:00'],
    ['Mon, 20 Jan 2026 09:05:60 -0000', '2026-01-20T09:05:59Z'],
    ['Fri, 31 Dec 99 23:59:00 XYZ', '1999-12-31T23:59:00Z'],
  ])('reads "%s"', (text, instant) => {
    expect(readMailDate(text, 'Europe/Amsterdam')).toEqual({ instant, zoneAssumed: false })
  })

  it('takes the zone of the feed where a date has none', () => {
    expect(readMailDate('Wed, 01 Jul 2026 09:05:00', 'Europe/Amsterdam')).toEqual({
      instant: '2026-07-01T09:05:00+02:00',
      zoneAssumed: true,
    })
  })

  it.each([
    '',
    'gisteren',
    '31 Feb 2026 09:05 GMT',
    '20 Foo 2026 09:05 GMT',
    '20 Jan 2026',
    `${'('.repeat(50)} 20 Jan`,
  ])('refuses "%s"', (text) => expect(readMailDate(text)).toBeNull())
})
