import { folded } from '../folded.ts'
import type { ParseContext } from '../wire-format.ts'
import { type DeskMark, readMark } from './desk-mark.ts'

export type Embargo = Extract<DeskMark, { kind: 'embargo' }>

const mention =
  /embargo|sperrfrist|not for (?:release|publication) before|ne pas (?:publier|diffuser) avant|niet publiceren voor|hold for release/gi
/** Before an embargo that stands within a note: "valt onder embargo tot 15.15 uur". */
const longestNote = 2_000

/** Embargoes that a headline mentions in brackets: "Begroting sluit (embargo tot 15.15 uur)". */
export function embargoesInHeadline(headline: string, context: ParseContext): Embargo[] {
  return [...headline.matchAll(/[([]([^()[\]]{1,150})[)\]]/g)].flatMap(([, inside = '']) => embargoAt(inside, context))
}

/** Embargoes that a note to editors mentions, wherever in it. */
export function embargoesInNote(note: string, context: ParseContext): Embargo[] {
  const text = note.slice(0, longestNote)
  return [...text.matchAll(mention)].slice(0, 5).flatMap(({ index }) => {
    const sentence = /^[^\n]{1,180}?(?=(?<!\d)[.!?](?:\s\p{Lu}|$)|$)/u.exec(text.slice(index))?.[0] ?? ''
    const before = folded(text.slice(Math.max(0, index - 10), index))
    return /(?:geen|no|kein\w*|pas d')\s?$/.test(before) ? [] : embargoAt(sentence, context)
  })
}

/** A line of the text that is nothing but an embargo: a paragraph of its own. */
export function embargoInText(lines: readonly string[], at: number, context: ParseContext): Embargo | null {
  const line = lines[at]?.trim() ?? ''
  if (line.length > 200 || line.search(mention) < 0) return null
  const isAlone = isBlank(lines[at - 1]) && isBlank(lines[at + 1])
  return isAlone && /^[^\p{L}]{0,10}\p{Lu}/u.test(line) ? (embargoAt(line, context)[0] ?? null) : null
}

/** Of several the one that holds longest: a story late is better than one early. */
export function longestEmbargo(embargoes: readonly Embargo[]): Embargo | undefined {
  const end = ({ embargoed }: Embargo): number =>
    embargoed === 'indefinite' ? Number.POSITIVE_INFINITY : embargoed === 'none' ? 0 : Date.parse(embargoed)
  return embargoes.toSorted((a, b) => end(b) - end(a))[0]
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

function embargoAt(text: string, context: ParseContext): Embargo[] {
  const mark = readMark(text, context)
  return mark?.kind === 'embargo' ? [mark] : []
}
