import { Temporal } from 'temporal-polyfill'

export interface Instant {
  /** RFC 3339, with the offset that the supplier wrote, or the zone's. */
  readonly instant: string
  /** True when the stamp says no zone and that of the feed was taken. */
  readonly zoneAssumed: boolean
  /** Set where the zone's clock, put back or forward, shows the stamp twice or never; the later reading was taken. */
  readonly clockChange?: 'ambiguous' | 'skipped'
}

/** What a story that has the time is flagged with: `zone-assumed`, and `time-ambiguous` or `time-skipped`. */
export function timeFlags({ zoneAssumed, clockChange }: Instant): readonly string[] {
  if (!zoneAssumed) return []
  return clockChange === undefined ? ['zone-assumed'] : ['zone-assumed', `time-${clockChange}`]
}

/** ISO 8601 extended and basic: xs:dateTime, xs:date, `YYYYMMDDTHHMMSS` with `Z`, `±hhmm`, `±hh` or nothing. */
const stamp = new RegExp(
  String.raw`^(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d))` +
    String.raw`(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,20}))?)?)?` +
    String.raw`\s?([Zz]|[+-]\d\d(?::?\d\d)?)?$`,
)
const usual = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
const longest = 60

/**
 * A date or time as agencies write it, as RFC 3339; null when it is none. A day alone begins at midnight. Without a zone it is local
 * time in `timezone` (IANA; UTC unless said), and where the clock is set back or forward the later of the two readings, which
 * `clockChange` tells: a story late is better than one early.
 */
export function readInstant(text: string, timezone?: string): Instant | null {
  if (text.length > longest) return null
  const trimmed = text.trim()
  const plain = usual.exec(trimmed)
  if (plain && isPlain(plain, trimmed)) return { instant: trimmed, zoneAssumed: false }
  const found = stamp.exec(trimmed)
  if (!found) return null
  const [, year = '', dashedMonth, dashedDay, bareMonth, bareDay, hour = '00', minute = '00', second = '00'] = found
  const day = `${year}-${dashedMonth ?? bareMonth}-${dashedDay ?? bareDay}`
  const isMidnight = hour === '24' && minute === '00' && second === '00'
  if (!isDay(day) || !isTime(isMidnight ? '00' : hour, minute, second)) return null
  const fraction = found[9] === undefined ? '' : `.${found[9].slice(0, 9)}`
  // RFC 3339 has leap seconds only in UTC, and few readers take them even there.
  const clock = `${isMidnight ? '00' : hour}:${minute}:${second === '60' ? '59' : second}${fraction}`
  const date = isMidnight ? dayAfter(day) : day
  const offset = found[10]
  if (offset === undefined) return local(`${date}T${clock}`, timezone)
  const zone = zoneOf(offset)
  return zone === null ? null : { instant: `${date}T${clock}${zone}`, zoneAssumed: false }
}

function isPlain(found: RegExpExecArray, text: string): boolean {
  const [, year, month, day, hour = '', minute = '', second = ''] = found
  return (
    isDay(`${year}-${month}-${day}`) &&
    second !== '60' &&
    isTime(hour, minute, second) &&
    (text.endsWith('Z') || zoneOf(text.slice(-6)) === text.slice(-6))
  )
}

function isDay(day: string): boolean {
  const month = Number(day.slice(5, 7))
  const date = Number(day.slice(8, 10))
  if (month < 1 || month > 12 || date < 1 || date > 31) return false
  return date <= 28 || date <= daysIn(Number(day.slice(0, 4)), month)
}

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const isTime = (hour: string, minute: string, second: string): boolean =>
  hour <= '23' && minute <= '59' && (second <= '59' || second === '60')

const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString()

/** XML Schema allows offsets up to 14 hours. */
function zoneOf(offset: string): string | null {
  if (offset === 'Z' || offset === 'z') return 'Z'
  const hours = offset.slice(1, 3)
  const minutes = offset.slice(3).replace(':', '') || '00'
  if (hours > '14' || minutes > '59' || (hours === '14' && minutes !== '00')) return null
  return hours === '00' && minutes === '00' ? 'Z' : `${offset[0]}${hours}:${minutes}`
}

function local(text: string, timezone = 'UTC'): Instant {
  return timezone === 'UTC' ? { instant: `${text}Z`, zoneAssumed: true } : inZone(text, timezone)
}

function inZone(text: string, timezone: string): Instant {
  const offset = offsetOfDay(text.slice(0, 10), timezone)
  return offset === null ? onDayOfChange(text, timezone) : { instant: text + offset, zoneAssumed: true }
}

function onDayOfChange(text: string, timezone: string): Instant {
  try {
    const local = Temporal.PlainDateTime.from(text)
    const later = local.toZonedDateTime(timezone, { disambiguation: 'later' })
    const instant = later.toString({ timeZoneName: 'never' }).replace('+00:00', 'Z')
    const earlier = local.toZonedDateTime(timezone, { disambiguation: 'earlier' })
    if (earlier.offsetNanoseconds === later.offsetNanoseconds) return { instant, zoneAssumed: true }
    // Shown twice: both readings keep the clock. Never shown: each moves out of the gap its own way.
    const isShown = later.toPlainDateTime().equals(local)
    return { instant, zoneAssumed: true, clockChange: isShown ? 'ambiguous' : 'skipped' }
  } catch {
    // A zone that the platform does not know; configuration is checked where it is read.
    return { instant: `${text}Z`, zoneAssumed: true }
  }
}

/** Offsets by zone and day. To ask Temporal for each stamp costs as much as to read a short message. */
const knownDays = new Map<string, string | null>()
const mostKnownDays = 5_000

/** The offset that a zone has all day long; null where it changes that day, or the zone is not known. */
function offsetOfDay(day: string, timezone: string): string | null {
  const key = `${timezone} ${day}`
  const known = knownDays.get(key)
  if (known !== undefined) return known
  if (knownDays.size >= mostKnownDays) knownDays.clear()
  const offset = findOffset(day, timezone)
  knownDays.set(key, offset)
  return offset
}

function findOffset(day: string, timezone: string): string | null {
  try {
    const date = Temporal.PlainDate.from(day)
    const start = date.toZonedDateTime(timezone)
    const end = date.add({ days: 1 }).toZonedDateTime(timezone)
    const isWhole =
      start.hour === 0 && start.minute === 0 && start.offset === end.offset && /^.\d\d:\d\d$/.test(start.offset)
    if (!isWhole || start.hoursInDay !== 24) return null
    return start.offset === '+00:00' ? 'Z' : start.offset
  } catch {
    return null
  }
}
