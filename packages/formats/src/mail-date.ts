import { type Instant, readInstant } from './dates.ts'

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** RFC 5322 4.3, and the European names that feeds and mailers write though no standard lists them. */
const zones: ReadonlyMap<string, string> = new Map([
  ...['ut', 'utc', 'gmt', 'z', 'wet'].map((name) => [name, 'Z'] as const),
  ['est', '-05:00'],
  ['edt', '-04:00'],
  ['cst', '-06:00'],
  ['cdt', '-05:00'],
  ['mst', '-07:00'],
  ['mdt', '-06:00'],
  ['pst', '-08:00'],
  ['pdt', '-07:00'],
  ['cet', '+01:00'],
  ['met', '+01:00'],
  ['mez', '+01:00'],
  ['cest', '+02:00'],
  ['mest', '+02:00'],
  ['mesz', '+02:00'],
])

const shape =
  /^(?:[\p{L}.]{2,12},? )?(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{2,4}) (\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([+-]\d{4}|[A-Za-z]{1,5}))?$/u
const longest = 120

/**
 * A date as RFC 822, 2822 and 5322 write it ("Tue, 20 Jan 2026 09:05:00 +0100"), as RFC 3339; null when it is none. The day's name is
 * not believed. Without a zone it is local to `timezone`; letters that name no zone mean UTC (RFC 5322 4.3).
 */
export function readMailDate(text: string, timezone?: string): Instant | null {
  if (text.length > longest) return null
  const found = shape.exec(withoutComments(text))
  if (found === null) return null
  const [, day = '', monthName = '', year = '', hour = '', minute = '', second = '00', zone] = found
  const month = months.indexOf(monthName.slice(0, 3).toLowerCase()) + 1
  if (month === 0) return null
  const date = `${fullYear(year)}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`
  return readInstant(`${date}T${hour.padStart(2, '0')}:${minute}:${second}${offsetOf(zone)}`, timezone)
}

const withoutComments = (text: string): string =>
  text
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** RFC 5322 4.3: two digits to 49 are of this century, three digits count from 1900. */
function fullYear(digits: string): string {
  const year = Number(digits)
  if (digits.length === 4) return digits
  return String(digits.length === 2 && year < 50 ? year + 2_000 : year + 1_900)
}

function offsetOf(zone: string | undefined): string {
  if (zone === undefined) return ''
  if (/^[+-]/.test(zone)) return `${zone.slice(0, 3)}:${zone.slice(3)}`
  return zones.get(zone.toLowerCase()) ?? 'Z'
}
