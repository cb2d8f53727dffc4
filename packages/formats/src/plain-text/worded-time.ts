import { calendarWords } from '../calendar-words.ts'
import { type Instant, readInstant } from '../dates.ts'
import { folded } from '../folded.ts'
import { localDay } from '../local-day.ts'
import type { ParseContext } from '../wire-format.ts'

export interface WordedTime extends Instant {
  /** True when the day or the year is not named, and was counted from the arrival. */
  readonly dateAssumed: boolean
  /** How many characters of the text it takes. */
  readonly length: number
}

const longest = 140
const hours: Readonly<Record<string, string>> = {
  gmt: 'Z',
  utc: 'Z',
  z: 'Z',
  wet: 'Z',
  bst: '+01:00',
  west: '+01:00',
  cet: '+01:00',
  mez: '+01:00',
  cest: '+02:00',
  mesz: '+02:00',
  edt: '-04:00',
  est: '-05:00',
}

const months = new Map<string, number>(
  calendarWords.flatMap((words) =>
    words.months.flatMap((names, at) => names.map((name): [string, number] => [name, at + 1])),
  ),
)
const weekdays = new Map<string, number>(
  calendarWords.flatMap((words) => words.weekdays.map((name, at): [string, number] => [name, at + 1])),
)
const days = new Map<string, number>(calendarWords.flatMap((words) => Object.entries(words.days)))
const anyOf = (words: readonly string[]): string => [...words].sort((a, b) => b.length - a.length).join('|')
const anyIn = (pick: (words: (typeof calendarWords)[number]) => readonly string[]): string =>
  anyOf(calendarWords.flatMap(pick))
const monthName = anyOf([...months.keys()])
const year = String.raw`(20\d\d)(?!\s?(?:gmt|utc|hrs|hours|uur|uhr|h\b))`

/** Each takes one part of a date or time at the place where it stands; the first that fits is taken. */
const parts = {
  iso: /(\d{4})-(\d\d)-(\d\d)(?:t|\b)/y,
  numeric: /(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d\d)?(?!\d)/y,
  dayMonth: new RegExp(
    String.raw`(\d{1,2})(?:\.|er|e|st|nd|rd|th)?\s(?:of\s|de\s)?(${monthName})\b\.?(?:,?\s(?:de\s)?${year})?`,
    'y',
  ),
  monthDay: new RegExp(
    String.raw`(${monthName})\b\.?\s(\d{1,2})(?:st|nd|rd|th)?\b(?!\s?[:.h]\s?\d)(?:,?\s${year})?`,
    'y',
  ),
  clock: /(\d{1,2})\s?(?::|\.|h|u)\s?(\d\d)(?::\d\d)?(?!\d)\s?([ap])?(?:\.?m\b\.?)?/y,
  half: /(\d{1,2})\s?([ap])\.?m\b\.?/y,
  hour: /(\d{1,2})\s?(?:uur|uhr|heures?|h|hrs|hours|o'clock)\b/y,
  military: /([01]\d|2[0-3])([0-5]\d)(?=\s?(?:hrs|hours|uur|uhr|gmt|utc|cet|cest|z\b|bst|e[sd]t))/y,
  zone: new RegExp(String.raw`\(?(${anyOf(Object.keys(hours))})\b\)?`, 'y'),
  offset: /([+-])(\d\d):?(\d\d)\b/y,
  weekday: new RegExp(String.raw`(${anyOf([...weekdays.keys()])})\b`, 'y'),
  day: new RegExp(String.raw`(${anyOf([...days.keys()])})\b`, 'y'),
  noon: new RegExp(String.raw`(?:${anyIn(({ noon }) => noon)})\b`, 'y'),
  midnight: new RegExp(String.raw`(?:${anyIn(({ midnight }) => midnight)})\b`, 'y'),
  around: new RegExp(String.raw`(?:${anyIn(({ around }) => around)})\b\.?`, 'y'),
}
type Part = keyof typeof parts
const order = Object.keys(parts) as readonly Part[]

interface Found {
  date?: { readonly year?: number; readonly month: number; readonly day: number }
  weekday?: number
  daysAhead?: number
  clock?: string
  offset?: string
}

/**
 * The date and time with which a text begins, in words or figures of Dutch, English, German, French, Spanish or Polish: "dinsdag 20 januari 2026, 15.15 uur",
 * "00:01 GMT on Friday", "9. Oktober 14.20 Uhr", "20/01/2026 à 14h30". null when it begins with none. A day alone begins at midnight, a
 * time alone is the next after the arrival, and a day without a year the nearest.
 */
export function readWordedTime(text: string, context: ParseContext): WordedTime | null {
  const head = folded(text.slice(0, longest))
  const found: Found = {}
  let end = 0
  for (let at = spaceEnd(head, 0), count = 0; count < 16; count++) {
    const next = takePart(head, at, found)
    if (next === null) break
    if (next.isMeant) end = next.at
    at = spaceEnd(head, next.at)
  }
  const trailing =
    /^\s?(?:uur|uhr|hrs|hours|heures?|ortszeit|local time|lokale tijd|nederlandse tijd|heure locale|heure de paris)\b\.?/.exec(
      head.slice(end),
    )
  const instant = instantOf(found, context)
  return instant === null ? null : { ...instant, length: end + (trailing?.[0].length ?? 0) }
}

const spaceEnd = (head: string, at: number): number => at + (/^[\s,;]*/.exec(head.slice(at, at + 4))?.[0].length ?? 0)

function takePart(head: string, at: number, found: Found): { readonly at: number; readonly isMeant: boolean } | null {
  for (const part of order) {
    const expression = parts[part]
    expression.lastIndex = at
    const taken = expression.exec(head)
    if (taken === null || taken[0] === '' || !keep(part, taken, found)) continue
    return { at: at + taken[0].length, isMeant: part !== 'around' }
  }
  return null
}

/** Notes a part; false when such a part is known already, or its figures are out of range. */
function keep(part: Part, taken: RegExpExecArray, found: Found): boolean {
  const [, first = '', second = '', third = ''] = taken
  switch (part) {
    case 'around':
      return true
    case 'iso':
      return keepDate(found, Number(second), Number(third), first)
    case 'numeric':
      if (third === '' && !taken[0].endsWith('.')) return false
      return keepDate(found, ...dayFirst(Number(first), Number(second)), third.length === 2 ? `20${third}` : third)
    case 'dayMonth':
      return keepDate(found, months.get(second) ?? 0, Number(first), third)
    case 'monthDay':
      return keepDate(found, months.get(first) ?? 0, Number(second), third)
    case 'clock':
      return keepClock(found, hourOf(first, third), second)
    case 'half':
      return keepClock(found, hourOf(first, second), '00')
    case 'hour':
      return keepClock(found, Number(first), '00')
    case 'military':
      return keepClock(found, Number(first), second)
    case 'noon':
      return keepClock(found, 12, '00')
    case 'midnight':
      return keepClock(found, 24, '00')
    case 'zone':
      return once(found, 'offset', hours[first] ?? 'Z')
    case 'offset':
      return once(found, 'offset', `${first}${second}:${third}`)
    case 'weekday':
      return once(found, 'weekday', weekdays.get(first) ?? 1)
    case 'day':
      return once(found, 'daysAhead', days.get(first) ?? 0)
  }
}

function once<K extends keyof Found>(found: Found, key: K, value: NonNullable<Found[K]>): boolean {
  if (found[key] !== undefined) return false
  found[key] = value
  return true
}

/** Europe writes the day first; where that cannot be, it is America's way. */
const dayFirst = (first: number, second: number): [month: number, day: number] =>
  second > 12 ? [first, second] : [second, first]

function keepDate(found: Found, month: number, day: number, year: string): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  return once(found, 'date', { month, day, ...(year === '' ? {} : { year: Number(year) }) })
}

const hourOf = (hour: string, half: string): number =>
  half === '' ? Number(hour) : (Number(hour) % 12) + (half === 'p' ? 12 : 0)

function keepClock(found: Found, hour: number, minute: string): boolean {
  if (hour > 24 || Number(minute) > 59) return false
  return once(found, 'clock', `${String(hour).padStart(2, '0')}:${minute}:00`)
}

function instantOf(found: Found, { receivedAtMs, feed }: ParseContext): Omit<WordedTime, 'length'> | null {
  const { date, weekday, daysAhead, clock, offset = '' } = found
  if (date === undefined && weekday === undefined && daysAhead === undefined && clock === undefined) return null
  const today = localDay(receivedAtMs, feed.timezone)
  const at = (day: string) => readInstant(`${day}T${clock ?? '00:00:00'}${offset}`, feed.timezone)
  if (date !== undefined) {
    const years = date.year === undefined ? [-1, 0, 1].map((more) => today.year + more) : [date.year]
    const read = years.map((year) => at(dayText(year, date.month, date.day))).filter((each) => each !== null)
    const nearest = read.sort((a, b) => distance(a.instant, receivedAtMs) - distance(b.instant, receivedAtMs))[0]
    return nearest === undefined ? null : { ...nearest, dateAssumed: date.year === undefined }
  }
  for (let ahead = daysAhead ?? -1; ahead <= (daysAhead ?? 8); ahead++) {
    const day = today.add({ days: ahead })
    if (weekday !== undefined && day.dayOfWeek !== weekday) continue
    const read = at(day.toString())
    if (read !== null && (daysAhead !== undefined || Date.parse(read.instant) >= receivedAtMs))
      return { ...read, dateAssumed: true }
  }
  return null
}

const distance = (instant: string, ms: number): number => Math.abs(Date.parse(instant) - ms)

const dayText = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
