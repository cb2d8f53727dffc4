import { etx, isBlank, linesOf, stx, trimLines } from '../teleprinter/controls.ts'
import { findEndDate } from './end-date.ts'
import { type HeaderLine, readHeaderLine } from './header-line.ts'

/** A message taken apart by its control characters. */
export interface Frame {
  readonly header: HeaderLine
  readonly slugline: string
  /** From STX to the line that ends with "=". */
  readonly head: readonly string[]
  readonly body: readonly string[]
  /** The date behind ETX: "251037 Sep 24". */
  readonly endDate?: string
  /** False when neither ETX nor a date ends the message. */
  readonly isWhole: boolean
}

const mostHeadLines = 40
const mostUnmarkedLines = 4
const longestHeadLine = 1_000

/** The parts of a message that begins at its header line; null when that is none. Without STX the head begins behind the slug line. */
export function frameOf(message: string): Frame | null {
  const start = message.search(/\S/)
  const lineEnd = message.indexOf('\n', start)
  const first = message.slice(Math.max(start, 0), lineEnd < 0 ? undefined : lineEnd)
  const header = readHeaderLine(linesOf(first)[0] ?? '')
  if (header === null) return null
  const rest = lineEnd < 0 ? '' : message.slice(lineEnd + 1)
  const { text, ...end } = cutEnd(rest)
  const at = text.indexOf(stx)
  const { slugline, content } = at < 0 ? withoutStx(linesOf(text)) : atStx(text, at)
  return { header, slugline, ...headAndBody(content), ...end }
}

const atStx = (text: string, at: number) => ({
  slugline: sluglineOf(linesOf(text.slice(0, at))),
  content: linesOf(text.slice(at + stx.length)),
})

function withoutStx(lines: readonly string[]) {
  const content = trimLines(lines)
  const [first = '', second = ''] = content
  const isSlug = !/=\s*$/.test(first) && (/\/\s*$/.test(first) || isBlank(second))
  return isSlug ? { slugline: sluglineOf([first]), content: content.slice(1) } : { slugline: '', content }
}

/** "/politics/Britain/EU/" is parted by slashes, not begun or ended by them. */
const sluglineOf = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .join('')
    .slice(0, 1_000)
    .replace(/^\/+|\/+$/g, '')

function headAndBody(content: readonly string[]): Pick<Frame, 'head' | 'body'> {
  const lines = trimLines(content)
  const end = lines.slice(0, mostHeadLines).findIndex((line) => isBlank(line) || /(?:^|\s)=\s*$/.test(line))
  const count = headLines(lines, end)
  return { head: lines.slice(0, count), body: trimLines(lines.slice(count)) }
}

/** A head that nothing but an empty line ends is short, or it is the first paragraph. No headline is as long as `longestHeadLine`. */
function headLines(lines: readonly string[], end: number): number {
  if (lines.slice(0, end < 0 ? 1 : end + 1).some((line) => line.length > longestHeadLine)) return 0
  if (end < 0) return Math.min(1, lines.length)
  if (!isBlank(lines[end] ?? '')) return end + 1
  return end > mostUnmarkedLines ? 0 : end
}

/** The text ends at the ETX that a date follows; ATS sends a second one before the date, seen 2019. */
function cutEnd(rest: string): { readonly text: string } & Pick<Frame, 'endDate' | 'isWhole'> {
  const first = rest.indexOf(etx)
  if (first < 0) return cutUnmarked(rest)
  for (let at = first, tries = 0; at >= 0 && tries < 20; at = rest.indexOf(etx, at + 1), tries++) {
    const endDate = findEndDate(linesOf(rest.slice(at + 1, at + 100)).join(' '))
    if (endDate !== null) return { text: rest.slice(0, at), endDate, isWhole: true }
  }
  return { text: rest.slice(0, first), isWhole: true }
}

/** Gateways that take out control characters leave the date as the last line. */
function cutUnmarked(rest: string): { readonly text: string } & Pick<Frame, 'endDate' | 'isWhole'> {
  let length = rest.length
  while (length > 0 && /[\s\p{Cc}]/u.test(rest[length - 1] ?? '')) length--
  const text = rest.slice(0, length)
  const start = text.lastIndexOf('\n') + 1
  const endDate = findEndDate(linesOf(text.slice(start)).join(' '))
  if (endDate === null) return { text: rest, isWhole: false }
  return { text: text.slice(0, start), endDate, isWhole: true }
}
