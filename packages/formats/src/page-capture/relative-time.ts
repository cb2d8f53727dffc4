import { type PagePhrases, pagePhrases, type RelativeUnit } from './page-phrases.ts'

const unitMs: Readonly<Record<RelativeUnit, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
}
const coarsestMs = unitMs.day

/** "7 minuten geleden". */
export interface RelativeTime {
  readonly text: string
  readonly agoMs: number
  /** The time is known no better than this. */
  readonly precisionMs: number
}

interface Reader {
  readonly atStart: RegExp
  readonly atEnd: RegExp
  readonly fixed: PagePhrases['fixed']
  readonly unitOf: ReadonlyMap<string, RelativeUnit>
}

const longestFirst = (left: string, right: string): number => right.length - left.length
const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')

const readers: readonly Reader[] = pagePhrases.map(readerOf)

/** Language tables make two expressions: neither lets a longer word pass for a unit ("2 uurtjes"). */
function readerOf({ before, after, one, units, fixed }: PagePhrases): Reader {
  const unitOf = new Map<string, RelativeUnit>()
  for (const [unit, words] of Object.entries(units)) for (const word of words) unitOf.set(word, unit as RelativeUnit)
  const counted = `${anyCase(before)}(?<count>\\d{1,3}|${one.map(anyCase).join('|')})\\s(?<unit>${[...unitOf.keys()].sort(longestFirst).map(quoted).join('|')})${quoted(after)}`
  const whole = Object.keys(fixed).sort(longestFirst).map(anyCase).join('|')
  const either = `(?:${counted}|(?<fixed>${whole}))`
  return { atStart: new RegExp(`^${either}(?!\\p{Ll})`, 'u'), atEnd: new RegExp(`${either}$`, 'u'), fixed, unitOf }
}

/** A relative time at the start, or at the end, of a piece of text; null when there is none. */
export function relativeTimeAt(text: string, where: 'start' | 'end'): RelativeTime | null {
  for (const reader of readers) {
    const found = (where === 'start' ? reader.atStart : reader.atEnd).exec(where === 'start' ? text : text.slice(-60))
    if (!found) continue
    const { count, unit, fixed } = found.groups ?? {}
    const named = fixed === undefined ? undefined : reader.fixed[fixed.toLowerCase()]
    const [amount, ofUnit] = named ?? [Number(count) || 1, reader.unitOf.get(unit ?? '') ?? 'day']
    return {
      text: found[0],
      agoMs: amount * unitMs[ofUnit],
      precisionMs: Math.min(Math.max(unitMs[ofUnit], unitMs.minute), coarsestMs),
    }
  }
  return null
}

/** When it was, counted back from `nowMs` and cut to the precision of the words: "1 uur geleden" at 15:20 is 14:00Z. */
export function instantOf(time: RelativeTime, nowMs: number): string {
  const atMs = Math.floor((nowMs - time.agoMs) / time.precisionMs) * time.precisionMs
  return new Date(atMs).toISOString().replace('.000Z', 'Z')
}

function anyCase(text: string): string {
  const first = text.slice(0, 1)
  if (first === '' || first.toUpperCase() === first.toLowerCase()) return quoted(text)
  return `[${first.toLowerCase()}${first.toUpperCase()}]${quoted(text.slice(1))}`
}
