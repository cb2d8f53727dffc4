import { etx, isBlank, linesOf, stx, trimLines } from '../teleprinter/controls.ts'
import { isSlugLine } from './slug-line.ts'
import { isStamp } from './stamp.ts'

/** A message behind its header lines, taken apart. */
export interface Frame {
  /** Lines of the head: with a caret before each and "<" or "=" behind, or bare. */
  readonly head: readonly string[]
  readonly body: readonly string[]
  readonly hasCarets: boolean
  /** "AP-WF-11-13-13 1509GMT" */
  readonly stamp?: string
  readonly isWhole: boolean
}

const mostHeadLines = 60
const mostBareLines = 8
const longestHeadLine = 1_000
const longestHead = 10_000
const indent = /^(?:\t| {2,})/

/** `text`: what follows on the second header line; `keyword`: what that line has. */
export function frameOf(text: string, keyword: string): Frame {
  const start = text.indexOf(stx)
  const { content, ...end } = cutEnd(start < 0 ? text : text.slice(start + stx.length))
  const lines = trimLines(linesOf(caretsApart(content)))
  const hasCarets = lines[0]?.trimStart().startsWith('^') ?? false
  const count = hasCarets ? caretLines(lines) : bareLines(lines, keyword)
  return { head: lines.slice(0, count), body: trimLines(lines.slice(count)), hasCarets, ...end }
}

function cutEnd(text: string): { readonly content: string } & Pick<Frame, 'stamp' | 'isWhole'> {
  const end = text.indexOf(etx)
  if (end >= 0) {
    const stamp = linesOf(text.slice(end, end + 200))
      .map((line) => line.trim())
      .find(isStamp)
    return { content: text.slice(0, end), isWhole: true, ...(stamp === undefined ? {} : { stamp }) }
  }
  const last = text.slice(-400).split('\n')
  const at = last.findLastIndex((line) => isStamp((linesOf(line)[0] ?? '').trim()))
  if (at < 0) return { content: text, isWhole: false }
  const cut = last.slice(at).join('\n').length
  return { content: text.slice(0, -cut), stamp: (linesOf(last[at] ?? '')[0] ?? '').trim(), isWhole: true }
}

/** The marks of tables as what they stand for, and each caret of the head at the start of a line of its own: "^*9006< ^AP-Top-…<". */
const caretsApart = (text: string): string =>
  text
    .slice(0, longestHead)
    .replace(/< ?\^/g, '<\n^')
    .concat(text.slice(longestHead))
    .replaceAll('\x08', '\t')
    .replaceAll('\x10', ' ')

function caretLines(lines: readonly string[]): number {
  let count = 0
  while (count < lines.length && count < mostHeadLines && lines[count]?.trimStart().startsWith('^')) count++
  return count
}

/**
 * The head ends with Kyodo's "+", before the first line that is indented, behind the slug line (AAP's tables have no indents), or before an
 * empty line.
 */
function bareLines(lines: readonly string[], keyword: string): number {
  const head = lines.slice(0, mostBareLines + 1)
  const count = bareCount(head, keyword)
  return indent.test(head[0] ?? '') || head.slice(0, count).some((line) => line.length > longestHeadLine) ? 0 : count
}

function bareCount(head: readonly string[], keyword: string): number {
  const plus = head.findIndex((line) => line.trimEnd().endsWith('+'))
  if (plus >= 0) return plus + 1
  const blank = head.findIndex(isBlank)
  const indented = head.findIndex((line) => !isBlank(line) && indent.test(line))
  if (indented > 0) return blank < 0 ? indented : Math.min(blank, indented)
  if (isSlugLine(head[1] ?? '', keyword)) return 2
  return blank > 0 ? blank : Math.min(1, head.length)
}
