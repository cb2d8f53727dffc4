import { type Instant, readInstant } from '../dates.ts'
import { localDay } from '../local-day.ts'
import { type PagePhrases, pagePhrases, type RelativeUnit } from './page-phrases.ts'

const unitMs: Readonly<Record<RelativeUnit, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
}

/** "7 minuten geleden", "gisteren om 14:05". */
export interface RelativeTime {
  readonly text: string
  readonly agoMs: number
  /** The time is known no better than this. */
  readonly precisionMs: number
  /** Time of that day, local: "14:05". */
  readonly clock?: string
}

interface Reader {
  readonly atStart: RegExp
  readonly atEnd: RegExp
  readonly fixed: ReadonlyMap<string, readonly [count: number, unit: RelativeUnit]>
  readonly unitOf: ReadonlyMap<string, RelativeUnit>
}

const longest = 80
const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')
const anyOf = (words: readonly string[]): string =>
  [...words]
    .sort((left, right) => right.length - left.length)
    .map(anyCase)
    .join('|')
const clock = String.raw`\d{1,2}(?:\s?[:.h]\s?\d\d(?!\d)(?:\s?[ap]\.?m\.?)?|\s?[ap]\.?m\.?|\s?h)(?:\s(?:uur|Uhr))?`

const readers: readonly Reader[] = pagePhrases.map(readerOf)

/** Language tables make two expressions: neither lets a longer word pass for a unit ("2 uurtjes"). */
function readerOf({ before, after, about, one, units, fixed, days, at, labels }: PagePhrases): Reader {
  const unitOf = new Map<string, RelativeUnit>()
  for (const [unit, words] of Object.entries(units))
    for (const word of words) unitOf.set(word.toLowerCase(), unit as RelativeUnit)
  const whole = new Map(Object.entries(fixed).map(([phrase, value]) => [phrase.toLowerCase(), value] as const))
  for (const [day, count] of Object.entries(days)) whole.set(day, [count, 'day'])
  const label = String.raw`(?:(?:${anyOf(labels)})\s?:?\s?)?`
  const counted = String.raw`${anyCase(before)}(?:(?:${anyOf(about)})\s)?(?<count>\d{1,3}|${anyOf(one)})\s?(?<unit>${anyOf(Object.values(units).flat())})${quoted(after)}`
  const day = String.raw`(?<day>${anyOf(Object.keys(days))})(?:,?\s(?:(?:${anyOf(at)})\s)?(?<clock>${clock}))?`
  const either = `${label}(?:${counted}|(?<fixed>${anyOf(Object.keys(fixed))})|${day})`
  return {
    atStart: new RegExp(String.raw`^${either}(?![\p{Ll}\d])`, 'u'),
    atEnd: new RegExp(String.raw`(?<![\p{L}\d])${either}$`, 'u'),
    fixed: whole,
    unitOf,
  }
}

/** A relative time at the start, or at the end, of a piece of text; null when there is none. */
export function relativeTimeAt(text: string, where: 'start' | 'end'): RelativeTime | null {
  const piece = where === 'start' ? text.slice(0, longest) : text.slice(-longest)
  for (const reader of readers) {
    const found = (where === 'start' ? reader.atStart : reader.atEnd).exec(piece)
    if (found) return timeOf(found, reader)
  }
  return null
}

function timeOf(found: RegExpExecArray, { fixed, unitOf }: Reader): RelativeTime {
  const { count, unit = '', fixed: phrase, day, clock } = found.groups ?? {}
  const named = fixed.get((phrase ?? day ?? '').toLowerCase())
  const [amount, ofUnit] = named ?? [Number(count) || 1, unitOf.get(unit.toLowerCase()) ?? 'day']
  const time = clock === undefined ? null : clockOf(clock)
  return {
    text: found[0],
    agoMs: amount * unitMs[ofUnit],
    precisionMs: Math.min(Math.max(unitMs[ofUnit], unitMs.minute), unitMs.day),
    ...(time === null ? {} : { clock: time }),
  }
}

/** "14:05", "14.05 uur", "14h05", "2:05 pm", "14 h" as "14:05"; null when there is no such time. */
function clockOf(text: string): string | null {
  const [, hour = '', minute = '00', half] = /^(\d{1,2})(?:\s?[:.h]\s?(\d\d))?\s?(?:h|([ap])\.?m)?/i.exec(text) ?? []
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (hours > 23 || Number(minute) > 59) return null
  return `${String(hours).padStart(2, '0')}:${minute}`
}

/**
 * When it was, counted back from `nowMs` and cut to the precision of the words: "1 uur geleden" at 15:20 is 14:00Z. Days begin at midnight of
 * `timezone` (IANA; UTC unless said), and clock times are local to it.
 */
export function instantOf(time: RelativeTime, nowMs: number, timezone = 'UTC'): Instant {
  const atMs = nowMs - time.agoMs
  if (time.precisionMs < unitMs.day) return inUtc(Math.floor(atMs / time.precisionMs) * time.precisionMs)
  const day = localDay(nowMs, timezone).subtract({ days: Math.round(time.agoMs / unitMs.day) })
  return readInstant(`${day.toString()}T${time.clock ?? '00:00'}:00`, timezone) ?? inUtc(atMs)
}

const inUtc = (ms: number): Instant => ({
  instant: new Date(ms).toISOString().replace('.000Z', 'Z'),
  zoneAssumed: false,
})

/** An expression for the text, whose first letter may be of either case. */
export function anyCase(text: string): string {
  const first = text.slice(0, 1)
  if (first === '' || first.toUpperCase() === first.toLowerCase()) return quoted(text)
  return `[${first.toLowerCase()}${first.toUpperCase()}]${quoted(text.slice(1))}`
}
