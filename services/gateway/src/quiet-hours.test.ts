import { describe, expect, it } from 'vitest'
import { readQuietHours } from './quiet-hours.ts'

const at = (text: string): number => Date.parse(`2026-01-20T${text}:00+01:00`)
const yesterdayAt = (text: string): number => at(text) - 86_400_000

describe('one duration for the whole day', () => {
  const hours = readQuietHours('30m', 'Europe/Amsterdam')
  it.each([
    ['10:00', '10:30', false],
    ['10:00', '10:31', true],
  ])('silent since %s: at %s too long %s', (since, now, isTooLong) => {
    expect(hours.isTooLong(at(since), at(now))).toBe(isTooLong)
  })
})

describe('durations by hours, in the time zone of the feed', () => {
  const hours = readQuietHours({ '07-23': '30m', '23-07': '3h' }, 'Europe/Amsterdam')

  it.each([
    ['by day', '10:00', '10:30', false],
    ['by day, too long', '10:00', '10:31', true],
    ['at night', '01:00', '03:59', false],
    ['at night, too long', '01:00', '04:01', true],
    ['a quiet night, as the day begins', '05:00', '07:05', false],
    ['a quiet night, half an hour into the day', '05:00', '07:31', true],
    ['a quiet night, its own limit', '03:30', '06:31', true],
    ['just before the day', '06:50', '07:19', false],
    ['the last of the day, told by the night', '22:45', '23:20', false],
  ])('%s: silent since %s, at %s too long %s', (_name, since, now, isTooLong) => {
    expect(hours.isTooLong(at(since), at(now))).toBe(isTooLong)
  })

  it('counts a night over midnight', () => {
    expect(hours.isTooLong(yesterdayAt('22:45'), at('01:40'))).toBe(false)
    expect(hours.isTooLong(yesterdayAt('22:45'), at('01:50'))).toBe(true)
    expect(hours.isTooLong(yesterdayAt('10:00'), at('10:00'))).toBe(true)
  })

  it('reads the hours in another zone as another time', () => {
    const newYork = readQuietHours({ '07-23': '30m', '23-07': '3h' }, 'America/New_York')
    expect(newYork.isTooLong(at('10:00'), at('11:00'))).toBe(false)
  })
})

it('takes minutes too, and expects nothing in hours that are not named', () => {
  const hours = readQuietHours({ '07:30-12:00': '10m' }, 'Europe/Amsterdam')
  expect(hours.isTooLong(yesterdayAt('12:00'), at('07:29'))).toBe(false)
  expect(hours.isTooLong(yesterdayAt('12:00'), at('07:39'))).toBe(false)
  expect(hours.isTooLong(yesterdayAt('12:00'), at('07:41'))).toBe(true)
  expect(hours.isTooLong(at('11:00'), at('12:01'))).toBe(false)
})

it('is not fooled by spans that follow each other with the same limit', () => {
  const hours = readQuietHours({ '00-12': '2h', '12-24': '2h' }, 'UTC')
  const noon = Date.parse('2026-01-20T12:00:00Z')
  expect(hours.isTooLong(noon - 3_600_000, noon + 3_540_000)).toBe(false)
  expect(hours.isTooLong(noon - 3_600_000, noon + 3_660_000)).toBe(true)
})

it.each(['7', '7-', '25-07', '07-23-', 'day', '07-24:01'])('refuses "%s"', (hours) => {
  expect(() => readQuietHours({ [hours]: '1h' }, 'UTC')).toThrow(`"${hours}" is no span of hours`)
})
