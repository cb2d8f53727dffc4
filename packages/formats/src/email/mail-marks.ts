import type { Story } from '@dateline/story'
import type { CleanBody } from '../body/body-writer.ts'
import { cleanHtml } from '../clean-html.ts'
import type { Draft } from '../json/json-values.ts'
import { type DeskMark, readMark } from '../plain-text/desk-mark.ts'
import type { ParseContext } from '../wire-format.ts'

export interface MarkedBody {
  readonly marks: readonly DeskMark[]
  /** Lines above the text that were for the desk alone. */
  readonly notes: readonly string[]
  readonly body: CleanBody
}

const mostMarks = 5

/** What the subject and the lines above the text say to the desk: an embargo first of all. Those lines are not for publication. */
export function takeMarks(subject: string, body: CleanBody, context: ParseContext): MarkedBody {
  const marks: DeskMark[] = []
  const notes: string[] = []
  for (const text of [subject, ...bracketed(subject)]) {
    const mark = readMark(text, context)
    if (mark !== null) marks.push(mark)
  }
  let { html } = body
  for (let count = 0; count < mostMarks && html.startsWith('<p>'); count++) {
    const end = html.indexOf('</p>') + '</p>'.length
    const lines = cleanHtml(html.slice(0, end)).text.split('\n')
    const found = lines.map((line) => readMark(line, context))
    const [first] = found
    if (first !== null && first !== undefined) marks.push(first)
    if (!found.every((mark) => mark !== null && mark.rest === undefined)) break
    notes.push(...lines)
    html = html.slice(end)
  }
  return { marks, notes, body: notes.length === 0 ? body : cleanHtml(html) }
}

/** "[EMBARGO tot 12 mei 10.00 uur] Nieuwe brug": seen in subjects. */
const bracketed = (subject: string): string[] =>
  [...subject.slice(0, 1_000).matchAll(/[[(]([^[\]()]{3,200})[\])]/g)].map(([, inner = '']) => inner)

/** Puts them into the story; the first of a kind stands. */
export function putMarks(story: Draft<Story>, marks: readonly DeskMark[], flags: Set<string>): void {
  for (const mark of marks) {
    if (mark.kind === 'embargo' && story.embargoed === undefined) {
      story.embargoed = mark.embargoed
      for (const flag of mark.flags) flags.add(flag)
    } else if (mark.kind === 'urgency' && story.urgency === undefined) {
      story.urgency = mark.urgency
      story.supplierUrgency ??= mark.label
    } else if (mark.kind === 'correction' || mark.kind === 'repeat') story.change ??= mark.kind
    else if (mark.kind === 'press-release') story.genres ??= [{ name: 'Press release', literal: 'press-release' }]
  }
}
