import { Temporal } from 'temporal-polyfill'
import { readInstant, timeFlags } from '../dates.ts'
import { offsetOf } from './end-date.ts'
import { monthNumber } from './month-names.ts'

export interface Embargo {
  /** RFC 3339, or `indefinite`, or `none` where the line lifts it. */
  readonly embargoed: string
  readonly flags: readonly string[]
}

export interface EmbargoContext {
  /** When the message was sent, or arrived: milliseconds since 1970. */
  readonly sentAtMs: number
  readonly timezone: string | undefined
}

/** An order, not "Embargo gegen Kuba verlängert": what follows the word says until when. */
const label = new RegExp(
  [
    'Sperrfrist(?: bis)?',
    'EMBARGOED do publikacji do',
    'EMBARGOED(?: for (?:publication|release))?(?: until)?',
    "[ÊEêe]tre soumis(?:\\(e\\)|e)? [àa] un embargo pour publication jusqu['’][àa]u?",
    "(?:sous )?embargo jusqu['’](?:[àa]u?)?",
    'embarg(?:o|ado|ada) hasta(?: el)?',
    'embargo (?:do|until|bis)',
    'embargo:',
  ].join('|'),
  'iu',
)
const lifted = /^\s*(?:ist )?(?:aufgehoben|abgelaufen|lifted|levé|levantado)/i
const longest = 200

const iso = /\b(\d{4})-(\d\d)-(\d\d)(?:T|\b)/
const numeric = /\b(\d{1,2})[./](\d{1,2})\.?(?:[./]?(\d{4}|\d\d)(?!\d|[.:]\d))?(?=[\s,]|$)/
const dayMonth =
  /\b(\d{1,2})(?:\.|er|st|nd|rd|th)?\s+(?:de\s+)?(\p{L}{3,12})\.?(?:,?\s+(?:de\s+)?(\d{4})\b(?!\s*(?:GMT|UTC|Uhr|hrs)))?/gu
const monthDay = /(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d.:h])(?:,?\s+(\d{4})\b(?!\s*(?:GMT|UTC|hrs)))?/gu
const clock = /\b(\d{1,2})\s?[:.h]\s?(\d\d)(?::\d\d)?(?!\d)\s*([ap])?\.?m?\b/i
const hour = /\b(\d{1,2})\s*(?:(Uhr|h|heures?|hrs|horas)|([ap])\.?m)\b/i
const military = /\b([01]\d|2[0-3])([0-5]\d)\s*(?=Uhr|hrs|GMT|UTC|ME?S?Z|CES?T|BST)/
const zone = /\b(GMT|UTC|MESZ|MEZ|CEST|CET|BST)\b/

/** The embargo of a line, and what stands on the line before it; null for a line that orders none. */
export function readEmbargo(line: string, context: EmbargoContext): (Embargo & { readonly before: string }) | null {
  if (line.length > longest * 2) return null
  const found = label.exec(line)
  if (found === null) return null
  const before = line.slice(0, found.index).trim()
  const after = line.slice(found.index + found[0].length)
  if (lifted.test(after)) return { before, embargoed: 'none', flags: [] }
  const text = after.split(/\s[-–—]\s/)[0]?.slice(0, longest) ?? ''
  if (!/[\p{L}\p{N}]/u.test(text)) return { before, embargoed: 'indefinite', flags: [] }
  return { before, ...(readTime(text, context) ?? { embargoed: 'indefinite', flags: ['embargo-unreadable'] }) }
}

function readTime(text: string, context: EmbargoContext): Embargo | null {
  const date = dateIn(text)
  const time = timeIn(date === null ? text : `${text.slice(0, date.start)} ${text.slice(date.end)}`)
  if (date === null && time === null) return null
  const offset = offsetOf(zone.exec(text)?.[1] ?? '') ?? ''
  const sent = localDay(context)
  const clockText = `T${time ?? '00:00'}${offset}`
  const days = date === null ? [sent.toString()] : daysOf(date, sent)
  const read = days
    .map((day) => readInstant(day + clockText, context.timezone))
    .filter((each) => each !== null)
    .sort((a, b) => distance(a.instant, context) - distance(b.instant, context))[0]
  if (read === undefined) return null
  const assumed = date?.year === undefined ? ['embargo-date-assumed'] : []
  return { embargoed: read.instant, flags: [...timeFlags(read), ...assumed] }
}

interface FoundDate {
  readonly year?: number
  readonly month: number
  readonly day: number
  readonly start: number
  readonly end: number
}

function dateIn(text: string): FoundDate | null {
  const inIso = iso.exec(text)
  if (inIso !== null) return foundDate(inIso, inIso[3], Number(inIso[2]), inIso[1])
  for (const named of text.matchAll(dayMonth)) {
    const month = monthNumber(named[2] ?? '')
    if (month > 0) return foundDate(named, named[1], month, named[3])
  }
  for (const named of text.matchAll(monthDay)) {
    const month = monthNumber(named[1] ?? '')
    if (month > 0) return foundDate(named, named[2], month, named[3])
  }
  const inNumbers = numeric.exec(text)
  if (inNumbers !== null && (inNumbers[3] !== undefined || !clock.test(inNumbers[0]) || /\d\.$|\//.test(inNumbers[0])))
    return foundDate(inNumbers, inNumbers[1], Number(inNumbers[2]), inNumbers[3])
  return null
}

function foundDate(
  found: RegExpExecArray | RegExpMatchArray,
  day: string | undefined,
  month: number,
  year: string | undefined,
): FoundDate {
  return {
    day: Number(day),
    month,
    start: found.index ?? 0,
    end: (found.index ?? 0) + found[0].length,
    ...(year === undefined ? {} : { year: year.length === 2 ? 2_000 + Number(year) : Number(year) }),
  }
}

function timeIn(text: string): string | null {
  const [, hours, minutes, half] = clock.exec(text) ?? military.exec(text) ?? []
  if (hours !== undefined && minutes !== undefined) return `${hourOf(hours, half)}:${minutes}`
  const found = hour.exec(text)
  return found === null ? null : `${hourOf(found[1] ?? '', found[3])}:00`
}

/** "14.20 am 9. Oktober" is German, not American. */
function hourOf(text: string, half: string | undefined): string {
  const isHalf = half !== undefined && Number(text) <= 12
  const number = isHalf ? (Number(text) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(text)
  return String(number).padStart(2, '0')
}

/** Without a year it is one of three; the nearest to the message is meant. */
function daysOf({ year, month, day }: FoundDate, sent: Temporal.PlainDate): string[] {
  const years = year === undefined ? [sent.year - 1, sent.year, sent.year + 1] : [year]
  return years.map((each) => `${each}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
}

const distance = (instant: string, { sentAtMs }: EmbargoContext): number => Math.abs(Date.parse(instant) - sentAtMs)

function localDay({ sentAtMs, timezone = 'UTC' }: EmbargoContext): Temporal.PlainDate {
  const sent = Temporal.Instant.fromEpochMilliseconds(sentAtMs)
  try {
    return sent.toZonedDateTimeISO(timezone).toPlainDate()
  } catch {
    // A zone that the platform does not know; configuration is checked where it is read.
    return sent.toZonedDateTimeISO('UTC').toPlainDate()
  }
}
