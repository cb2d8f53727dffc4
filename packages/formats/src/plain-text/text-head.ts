import { squeeze } from '../body/body-text.ts'
import { startsWithDateline } from '../dateline-look.ts'
import { folded } from '../folded.ts'
import type { ParseContext } from '../wire-format.ts'
import { type DeskMark, readMark } from './desk-mark.ts'
import { deskWords } from './desk-words.ts'
import { isNoteHeading } from './text-end.ts'

/** What stands above the text itself. */
export interface TextHead {
  readonly headline?: string
  readonly subheadlines: readonly string[]
  readonly by?: string
  readonly marks: readonly DeskMark[]
  /** Lines for the desk, as printed. */
  readonly notes: readonly string[]
  /** Those of them that are no marks. */
  readonly otherNotes: readonly string[]
  /** The line at which the text begins. */
  readonly bodyAt: number
}

/** Nothing above a text is longer; beyond it no dateline is looked for. */
const mostLines = 16
const longestHeadline = 200
const longestByline = 90
const wrappedLine = 50
const bylineWords = deskWords.flatMap((words) => words.by)

interface HeadLine {
  readonly text: string
  /** Its number among all lines. */
  readonly at: number
  /** An empty line stands before it. */
  readonly isParted: boolean
}

/**
 * Parts the lines above a text by what they are. With a dateline the text begins there, and the lines above it are a headline, its
 * sub-headlines and the byline. Without one the first line is a headline where it reads like one.
 */
export function readHead(lines: readonly string[], context: ParseContext): TextHead {
  const top = topOf(lines)
  const dateline = top.findIndex((line) => startsWithDateline(line.text))
  const marks: DeskMark[] = []
  const notes: string[] = []
  const otherNotes: string[] = []
  const news: HeadLine[] = []
  let bodyAt = (top.at(-1)?.at ?? -1) + 1
  for (const [index, line] of top.entries()) {
    if (index === dateline) {
      bodyAt = line.at
      break
    }
    const mark = readMark(line.text, context)
    if (mark !== null) {
      marks.push(mark)
      if (mark.kind !== 'urgency' || mark.rest !== undefined) notes.push(line.text)
    } else if (isNoteHeading(line.text)) {
      notes.push(line.text)
      otherNotes.push(line.text)
    } else if (goesOnFromNote(line, top[index - 1], otherNotes)) {
      const whole = `${otherNotes.pop() ?? ''} ${line.text}`
      notes.splice(-1, 1, whole)
      otherNotes.push(whole)
    } else if (dateline >= 0 && isHeadLike(line.text, news)) news.push(line)
    else if (dateline < 0 && isStillHead(line, news, top[index + 1])) news.push(line)
    else {
      bodyAt = line.at
      break
    }
  }
  return { ...named(news, marks), marks, notes, otherNotes, bodyAt }
}

/** A long line of a note was broken by the width of the screen: the next one belongs to it. */
const goesOnFromNote = (line: HeadLine, above: HeadLine | undefined, notes: readonly string[]): boolean =>
  !line.isParted && (above?.text.length ?? 0) >= wrappedLine && notes.at(-1)?.endsWith(above?.text ?? ' ') === true

function topOf(lines: readonly string[]): HeadLine[] {
  const top: HeadLine[] = []
  let isParted = false
  for (let at = 0; at < lines.length && top.length < mostLines; at++) {
    const text = squeeze(lines[at] ?? '')
    if (text !== '') top.push({ text, at, isParted })
    isParted = text === ''
  }
  return top
}

/** Above a dateline stand short lines alone; a paragraph there is text already. */
const isHeadLike = (text: string, news: readonly HeadLine[]): boolean =>
  text.length <= longestHeadline &&
  (news.length === 0 || !/[.!?]["'”’)]?$/.test(text) || isByline(text) || text.length < 60)

/** Without a dateline: a headline, lines that go on with it, and a byline. */
function isStillHead(line: HeadLine, news: readonly HeadLine[], next: HeadLine | undefined): boolean {
  const before = news.at(-1)
  if (before === undefined) {
    if (line.text.length > longestHeadline || next === undefined) return line.text.length <= longestHeadline
    const isWrapped = !next.isParted && goesOn(next.text)
    return isWrapped ? isShortHeadline([line.text, next.text].join(' ')) : isShortHeadline(line.text)
  }
  if (isByline(line.text)) return true
  return news.length === 1 && !line.isParted && goesOn(line.text) && isShortHeadline(`${before.text} ${line.text}`)
}

const isShortHeadline = (text: string): boolean =>
  text.length <= longestHeadline && !(/[.]["'”’)]?$/.test(text) && text.split(' ').length > 3)

/** A line that begins in lower case continues the one above it. */
const goesOn = (text: string): boolean => /^\p{Ll}/u.test(text) && !isByline(text)

/** "Door Anna Vos", "By ANNA VOS", "Van onze verslaggever". */
function isByline(text: string): boolean {
  if (text.length > longestByline || /[.?!:]$/.test(text) || text.split(' ', 11).length > 10) return false
  const fold = folded(text)
  const word = bylineWords.find((each) => fold.startsWith(`${each} `))
  if (word === undefined) return false
  const name = text.slice(word.length + 1)
  return word.includes(' ') || /^(?:onze|our|unser|notre)\b/.test(name) || (/^['’]?\p{Lu}/u.test(name) && isName(name))
}

/** "By Tuesday the water had fallen" is no name: its words do not begin with capitals. */
function isName(name: string): boolean {
  const words = name.split(' ')
  const small = words.filter((word) => /^\p{Ll}/u.test(word) && !particles.has(word)).length
  return small <= (/[,/(]/.test(name) ? 3 : 0)
}

const particles = new Set(
  'van de den der ten ter te het in en and und et von vom zu zum zur du des la le da di dos el al for für voor pour'.split(
    ' ',
  ),
)

function named(
  news: readonly HeadLine[],
  marks: readonly DeskMark[],
): Pick<TextHead, 'headline' | 'subheadlines' | 'by'> {
  const behindMark = marks.find((mark) => mark.rest !== undefined)?.rest
  const headlines: string[] = []
  const by: string[] = []
  let isLastHeadline = false
  for (const line of news) {
    if (
      (headlines.length + by.length > 0 || behindMark !== undefined) &&
      (isByline(line.text) || (by.length > 0 && line.text.length <= longestByline))
    ) {
      by.push(line.text)
      isLastHeadline = false
    } else if (isLastHeadline && !line.isParted && goesOn(line.text)) {
      headlines.push(`${headlines.pop() ?? ''} ${line.text}`)
    } else {
      headlines.push(line.text)
      isLastHeadline = true
    }
  }
  const [headline = behindMark, ...subheadlines] = headlines
  return {
    ...(headline === undefined ? {} : { headline }),
    subheadlines,
    ...(by.length === 0 ? {} : { by: by.join(' ') }),
  }
}
