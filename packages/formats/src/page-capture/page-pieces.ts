import { datelineAhead, startsWithDateline } from '../dateline-look.ts'
import { pagePhrases } from './page-phrases.ts'
import { anyCase, type RelativeTime, relativeTimeAt } from './relative-time.ts'

export type PagePiece =
  | { readonly kind: 'text'; readonly text: string; readonly hasDateline: boolean }
  | { readonly kind: 'time'; readonly time: RelativeTime }
  | { readonly kind: 'section'; readonly name: string }

/** Text of neighbouring elements runs together in a capture: "geledenGENÈVE (ANP) - ", "geleden'S-HERTOGENBOSCH (ANP) - ", "MinutenBerlin (dpa) - ". */
const gluedDateline = new RegExp(
  String.raw`(?:(?<=[\p{Ll}\d.!?"”»)])|(?<=[\p{L}.!?]['’])(?![ST][ -]))(?=(?:['’](?=[ST][ -]))?${datelineAhead})`,
  'u',
)
const moreFrom = pagePhrases.flatMap((phrases) => phrases.moreFrom).sort((a, b) => b.length - a.length)
const sectionAtEnd = new RegExp(
  String.raw`(?:^|(?<=[.!?"”»’]))(?:${moreFrom.map(anyCase).join('|')})\s+(?<name>\p{Lu}[\p{L}\p{N} &,'’/-]{0,40}|\p{Ll}{3,20})\s?:?$`,
  'u',
)

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
  if (trailing && /[.!?"'”’»)]$/u.test(text.slice(0, -trailing.text.length))) {
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
  rest === '' || /^["'‘“„«]?\p{Lu}/u.test(rest) || startsWithDateline(rest.trim())
