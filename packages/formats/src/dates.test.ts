import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { readInstant, timeFlags } from './dates.ts'

const zone = 'Europe/Amsterdam'

describe('readInstant', () => {
  it.each([
    ['2018-11-21T16:25:32-05:00', '2018-11-21T16:25:32-05:00'],
    ['2018-10-12T06:42:04Z ', '2018-10-12T06:42:04Z'],
    ['\n 2018-10-12T06:42:04.150Z\n', '2018-10-12T06:42:04.150Z'],
    ['2017-10-11T10:41:00+0100', '2017-10-11T10:41:00+01:00'],
    ['2016-02-09T09:17:00+03', '2016-02-09T09:17:00+03:00'],
    ['20181210T123731+0100', '2018-12-10T12:37:31+01:00'],
    ['20181210T123731Z', '2018-12-10T12:37:31Z'],
    ['2018-01-01T10:00-00:00', '2018-01-01T10:00:00Z'],
    ['2018-01-01T10:00:00.1234567891234Z', '2018-01-01T10:00:00.123456789Z'],
    ['2018-12-31T24:00:00Z', '2019-01-01T00:00:00Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59Z'],
    ['2020-02-29Z', '2020-02-29T00:00:00Z'],
  ])('reads %j as it says', (text, instant) => {
    expect(readInstant(text, zone)).toEqual({ instant, zoneAssumed: false })
  })

  it.each([
    ['20181210T123731', '2018-12-10T12:37:31+01:00'],
    ['2018-06-10T12:37:31', '2018-06-10T12:37:31+02:00'],
    ['2018-02-05', '2018-02-05T00:00:00+01:00'],
    ['20180205', '2018-02-05T00:00:00+01:00'],
    ['2018-01-01 10:00', '2018-01-01T10:00:00+01:00'],
  ])('reads %j in the zone of the feed', (text, instant) => {
    expect(readInstant(text, zone)).toEqual({ instant, zoneAssumed: true })
  })

  it.each([
    ['2026-03-29T01:59:59', '2026-03-29T01:59:59+01:00', undefined],
    ['2026-03-29T02:00:00', '2026-03-29T03:00:00+02:00', 'skipped'],
    ['2026-03-29T02:30:00', '2026-03-29T03:30:00+02:00', 'skipped'],
    ['20260329T025959', '2026-03-29T03:59:59+02:00', 'skipped'],
    ['2026-03-29T03:00:00', '2026-03-29T03:00:00+02:00', undefined],
    ['2026-10-25T01:59:59', '2026-10-25T01:59:59+02:00', undefined],
    ['2026-10-25T02:00:00', '2026-10-25T02:00:00+01:00', 'ambiguous'],
    ['2026-10-25T02:30:00', '2026-10-25T02:30:00+01:00', 'ambiguous'],
    ['20261025T025959', '2026-10-25T02:59:59+01:00', 'ambiguous'],
    ['2026-10-25T03:00:00', '2026-10-25T03:00:00+01:00', undefined],
  ])(
    'takes the later reading of %j where the clock is set forward or back, and tells',
    (text, instant, clockChange) => {
      const read = readInstant(text, zone)
      expect(read).toEqual({ instant, zoneAssumed: true, ...(clockChange === undefined ? {} : { clockChange }) })
      expect(read && timeFlags(read)).toEqual(
        clockChange === undefined ? ['zone-assumed'] : ['zone-assumed', `time-${clockChange}`],
      )
    },
  )

  it('finds nothing twice or never in a stamp with an offset, or in a zone that keeps its clock', () => {
    for (const text of ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00', '2026-03-29T02:30:00Z']) {
      const read = readInstant(text, zone)
      expect(read).toEqual({ instant: text, zoneAssumed: false })
      expect(read && timeFlags(read)).toEqual([])
    }
    expect(readInstant('2026-10-25T02:30:00', 'Asia/Tokyo')).toEqual({
      instant: '2026-10-25T02:30:00+09:00',
      zoneAssumed: true,
    })
  })

  it('agrees with the calendar of the zone, whatever the day', () => {
    const zones = [
      'Europe/Amsterdam',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Etc/UTC',
    ]
    const days = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2040, 0, 1) })
    fc.assert(
      fc.property(fc.constantFrom(...zones), days, (timezone, ms) => {
        const text = new Date(ms).toISOString().slice(0, 19)
        const instant = readInstant(text, timezone)?.instant ?? ''
        const wanted = Temporal.PlainDateTime.from(text).toZonedDateTime(timezone, { disambiguation: 'later' })
        expect(Date.parse(instant)).toBe(wanted.epochMilliseconds)
        expect(readInstant(text, timezone)?.instant).toBe(instant)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes UTC where neither stamp nor feed says a zone, or the feed an unknown one', () => {
    expect(readInstant('20181210T123731')).toEqual({ instant: '2018-12-10T12:37:31Z', zoneAssumed: true })
    expect(readInstant('20181210T123731', 'Mars/Olympus')?.instant).toBe('2018-12-10T12:37:31Z')
  })

  it.each([
    '',
    'gisteren',
    '2018',
    '2018-02',
    '2018-02-30T00:00:00Z',
    '2019-02-29',
    '2018-13-01T00:00:00Z',
    '2018-01-01T25:00:00Z',
    '2018-01-01T10:61:00Z',
    '2018-01-01T10:00:00+15:00',
    '2018-01-01T10:00:00 CET',
    `2018-01-01T10:00:00.${'0'.repeat(100)}Z`,
  ])('reads nothing into %j', (text) => {
    expect(readInstant(text, zone)).toBeNull()
  })
})
