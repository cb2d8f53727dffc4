import type { Story } from '@dateline/story'
import type { CleanBody } from '../body/body-writer.ts'
import { splitNotes } from '../body/split-notes.ts'
import { cleanHtml } from '../clean-html.ts'
import type { Draft } from '../json/json-values.ts'
import { type DeskMark, readMark } from '../plain-text/desk-mark.ts'
import {
  type Embargo,
  embargoesInHeadline,
  embargoesInNote,
  embargoInText,
  longestEmbargo,
} from '../plain-text/embargo-below.ts'
import type { ParseContext } from '../wire-format.ts'
import type { MailBody } from './mail-body.ts'

export interface MarkedBody {
  readonly marks: readonly DeskMark[]
  /** Of all that are ordered, wherever in the mail, the one that holds longest. */
  readonly embargo: Embargo | undefined
  readonly body: CleanBody
  /** Lines that were for the desk alone, and the mail's own notes. */
  readonly notes: readonly string[]
}

const mostMarks = 5

/** What the subject, the lines above the text and a paragraph by itself say to the desk. They are not for publication. */
export function takeMarks(subject: string, mail: MailBody, context: ParseContext): MarkedBody {
  const ofSubject = readMark(subject, context)
  const top = takeTop(mail, context)
  const below = takeEmbargoes(top.body, context)
  const marks = ofSubject === null ? top.marks : [ofSubject, ...top.marks]
  const notes = [...top.notes, ...below.notes, ...mail.notes]
  const embargo = longestEmbargo([
    ...marks.filter((mark) => mark.kind === 'embargo'),
    ...embargoesInHeadline(subject, context),
    ...below.embargoes,
    ...mail.notes.flatMap((note) => embargoesInNote(note, context)),
  ])
  return { marks, embargo, body: below.body, notes }
}

/** Paragraphs above the text, each line of which is for the desk. */
function takeTop(body: CleanBody, context: ParseContext) {
  const marks: DeskMark[] = []
  const notes: string[] = []
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

function takeEmbargoes(body: CleanBody, context: ParseContext) {
  const lines = body.text.split('\n')
  const embargoes = lines.flatMap((_line, at) => embargoInText(lines, at, context) ?? [])
  if (embargoes.length === 0) return { body, embargoes, notes: [] }
  return { embargoes, ...splitNotes(body, (text) => embargoInText([text], 0, context) !== null) }
}

/** Puts them into the story; the first of a kind stands. */
export function putMarks(story: Draft<Story>, { marks, embargo }: MarkedBody, flags: Set<string>): void {
  if (embargo !== undefined) story.embargoed = embargo.embargoed
  for (const flag of embargo?.flags ?? []) flags.add(flag)
  for (const mark of marks) {
    if (mark.kind === 'urgency' && story.urgency === undefined) {
      story.urgency = mark.urgency
      story.supplierUrgency ??= mark.label
    } else if (mark.kind === 'correction' || mark.kind === 'repeat') story.change ??= mark.kind
    else if (mark.kind === 'press-release') story.genres ??= [{ name: 'Press release', literal: 'press-release' }]
  }
}
