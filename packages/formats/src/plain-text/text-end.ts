import { isSignOff } from '@dateline/story'
import { folded } from '../folded.ts'
import { deskWords } from './desk-words.ts'

export interface TextEnd {
  /** Behind the last line of the text. */
  readonly bodyEnd: number
  /** What follows it for the desk, as printed. */
  readonly notes: readonly string[]
}

const longestFirst = (words: readonly string[]): string[] => [...new Set(words)].sort((a, b) => b.length - a.length)
const noteHeadings = longestFirst(deskWords.flatMap((words) => words.noteToEditors))
const sentences = longestFirst(deskWords.flatMap((words) => words.notForPublication))
const ends = new Set(deskWords.flatMap((words) => words.end))
const decoration = /^[\s*+=#([_~<>!•-]+|[\s*+=#)\]_~<>!.:-]+$/g
/** Rules between text and notes. */
const rule = /^[\s*_=#~.-]{3,}$/
const endSign = /^(?:#\s?#\s?#|-\s?30\s?-|\+\+\+)$/

/** Besides "rfj/bcp/dl": "(mhe)", and dpa's closing line: "dpa abc yydd n1 sku". */
const signOffs: readonly RegExp[] = [
  /^\([a-z]{2,4}(?:[/-][a-z]{2,4}){0,4}\)$/,
  /^(?:dpa|afp|apa|ats|sda|kna|epd|anp|belga)(?:[ /-][a-z0-9]{1,4}){1,8}$/,
]
const mostSignOffs = 3

const lookCharacters = 3
const beginnings = new Set([...noteHeadings, ...sentences].map((each) => each.slice(0, lookCharacters)))

/** A line that begins what only editors are to read. */
export function isNoteHeading(line: string): boolean {
  if (line.length > 2_000) return false
  const start = /^[\s*+=#([_~<>!•-]*/.exec(line.slice(0, 40))?.[0].length ?? 0
  // Every line of a text is asked: most are out by their first letters.
  if (!beginnings.has(folded(line.slice(start, start + lookCharacters)))) return false
  const fold = folded(line.slice(start, start + 120))
  if (sentences.some((each) => fold.startsWith(each))) return true
  return noteHeadings.some((each) => fold.startsWith(each) && /^\s*(?:$|[:;.,()\]*–—-])/.test(fold.slice(each.length)))
}

/** Parts from the text what follows on it for the desk: notes to editors with all that comes after them, an end mark, initials. */
export function readEnd(lines: readonly string[], bodyAt: number): TextEnd {
  let bodyEnd = lines.length
  const notes: string[] = []
  for (let at = bodyAt; at < lines.length; at++) {
    const line = lines[at]?.trim() ?? ''
    if (line === '') continue
    const isEnd = at > bodyAt && isEndMark(line)
    if (!isEnd && !isNoteHeading(line)) continue
    bodyEnd = at
    notes.push(...paragraphsOf(lines.slice(isEnd ? at + 1 : at)))
    break
  }
  const signed: string[] = []
  for (;;) {
    const at = lastLine(lines, bodyAt, bodyEnd)
    const line = lines[at]?.trim() ?? ''
    const isSigned = signed.length < mostSignOffs && at > bodyAt && isInitials(line)
    if (isSigned) signed.unshift(line)
    else if (at < bodyAt || !rule.test(line)) break
    bodyEnd = at
  }
  return { bodyEnd, notes: [...signed, ...notes] }
}

function isEndMark(line: string): boolean {
  if (line.length > 40) return false
  if (endSign.test(line)) return true
  const text = line.replace(decoration, '')
  const isMarked = text !== line || text === text.toUpperCase() || text.includes(' ')
  return isMarked && ends.has(folded(text))
}

const isInitials = (line: string): boolean =>
  isSignOff(line) || (line.length <= 60 && signOffs.some((each) => each.test(line)))

function lastLine(lines: readonly string[], from: number, to: number): number {
  let at = to - 1
  while (at >= from && (lines[at]?.trim() ?? '') === '') at--
  return at
}

/** Notes as paragraphs, each on one line. */
function paragraphsOf(lines: readonly string[]): string[] {
  const paragraphs: string[] = []
  let isOpen = false
  for (const line of lines) {
    const text = line.replace(/\s+/g, ' ').trim()
    if (text === '' || rule.test(text)) isOpen = false
    else if (isOpen) paragraphs.push(`${paragraphs.pop() ?? ''} ${text}`)
    else {
      paragraphs.push(text)
      isOpen = true
    }
  }
  return paragraphs
}
