import { pagePhrases } from './page-phrases.ts'
import { type RelativeTime, relativeTimeAt } from './relative-time.ts'

export type PagePiece =
  | { readonly kind: 'text'; readonly text: string; readonly hasDateline: boolean }
  | { readonly kind: 'time'; readonly time: RelativeTime }
  | { readonly kind: 'section'; readonly name: string }

const city = String.raw`\p{Lu}[\p{Lu}\p{M} .,'’/-]{1,40}`
const credits = String.raw`\([A-Z]{2,12}(?:\/[A-Z]{2,12})*\)\s*[-–—=_]\s`
const dateline = new RegExp(
  String.raw`^['’]?[\p{Lu}\p{Ll}][\p{L}\p{M} .,'’/-]{0,50}\s(?:\d{1,2}\/\d{1,2}\s)?${credits}`,
  'u',
)
/** Text of neighbouring elements runs together in a capture: "geledenGENÈVE (ANP) - ", "geleden'S-HERTOGENBOSCH (ANP) - ". */
const gluedDateline = new RegExp(
  String.raw`(?:(?<=[\p{Ll}\d.!?"”)])|(?<=[\p{L}.!?]['’])(?![ST][ -]))` +
    String.raw`(?=(?:['’](?=[ST][ -]))?${city}\s(?:\d{1,2}\/\d{1,2}\s)?${credits})`,
  'u',
)
const moreFrom = pagePhrases.flatMap((phrases) => phrases.moreFrom).sort((a, b) => b.length - a.length)
const sectionAtEnd = new RegExp(
  String.raw`(?:^|(?<=[.!?"”’]))(?:${moreFrom.join('|')})\s+(?<name>\p{L}[\p{L}\p{N} &,'’-]{0,58}):?$`,
  'u',
)

/** True for a paragraph that begins "LONDEN (ANP/RTR) - ". */
const startsWithDateline = (text: string): boolean => dateline.test(text)

/** A line of a captured page taken apart: texts that ran together, times and section headings each become a piece. */
export function piecesOf(line: string): PagePiece[] {
  return line.split(gluedDateline).flatMap(withoutTimes)
}

function withoutTimes(part: string): PagePiece[] {
  const text = part.trim()
  if (text === '') return []
  const leading = relativeTimeAt(text, 'start')
  if (leading && standsAlone(text.slice(leading.text.length))) {
    return [{ kind: 'time', time: leading }, ...withoutTimes(text.slice(leading.text.length))]
  }
  const trailing = relativeTimeAt(text, 'end')
  if (trailing && /[.!?"'”’)]$/u.test(text.slice(0, -trailing.text.length))) {
    return [...withoutTimes(text.slice(0, -trailing.text.length)), { kind: 'time', time: trailing }]
  }
  const section = sectionAtEnd.exec(text)
  if (section)
    return [
      ...withoutTimes(text.slice(0, section.index)),
      { kind: 'section', name: section.groups?.name?.trim() ?? '' },
    ]
  return [{ kind: 'text', text, hasDateline: startsWithDateline(text) }]
}

/** A time ends its line, or the next text is glued to it or begins with a dateline: "2 uur geleden was het stil" is a sentence. */
const standsAlone = (rest: string): boolean =>
  rest === '' || /^["'‘“]?\p{Lu}/u.test(rest) || startsWithDateline(rest.trim())
