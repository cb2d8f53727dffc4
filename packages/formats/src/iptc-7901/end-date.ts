import { type Instant, readInstant } from '../dates.ts'
import { monthNumber } from './month-names.ts'

/** "251037 Sep 24", "242200 GMT Jun 17", "182146MESZ Jun 17", "091223 dec 18". */
const shape = /^\s*(\d\d)(\d\d)(\d\d)\s*(?:([A-Z]{1,5})\s+)?(\p{L}{3,10})\.?\s+(\d{4}|\d\d)(?!\d)/u

const offsets: ReadonlyMap<string, string> = new Map([
  ['GMT', 'Z'],
  ['UTC', 'Z'],
  ['Z', 'Z'],
  ['BST', '+01:00'],
  ['MEZ', '+01:00'],
  ['CET', '+01:00'],
  ['MET', '+01:00'],
  ['HEC', '+01:00'],
  ['MESZ', '+02:00'],
  ['CEST', '+02:00'],
  ['MEST', '+02:00'],
])

/** The date with which a text begins, as it stands there; null when it begins with none. */
export function findEndDate(text: string): string | null {
  const found = shape.exec(text)
  return found !== null && monthNumber(found[5] ?? '') > 0 ? found[0].trim() : null
}

/** A date that `findEndDate` found; null when there is no such day or hour. Without a zone it is local to `timezone`. */
export function readEndDate(text: string, timezone: string | undefined): Instant | null {
  const [, day = '', hour = '', minute = '', zone, month = '', year = ''] = shape.exec(text) ?? []
  const date = `${fullYear(year)}-${String(monthNumber(month)).padStart(2, '0')}-${day}`
  const offset = zone === undefined ? '' : (offsets.get(zone) ?? '')
  return readInstant(`${date}T${hour}:${minute}${offset}`, timezone)
}

/** The standard is of 1979: nothing is older than 1970. */
const fullYear = (digits: string): string => (digits.length === 4 ? digits : `${digits < '70' ? '20' : '19'}${digits}`)
