import { ignore, type Outcome, pass, reject, type Story } from '@dateline/story'
import { printable, squeeze } from '../body/body-text.ts'
import { cleanText } from '../clean-text.ts'
import { type Draft, put } from '../json/json-values.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import type { DeskMark } from './desk-mark.ts'
import { type Embargo, embargoesInHeadline, embargoesInNote, embargoInText, longestEmbargo } from './embargo-below.ts'
import { isOtherKind, looksLikeNews } from './prose.ts'
import { readEnd } from './text-end.ts'
import { readHead, type TextHead } from './text-head.ts'

const mostLines = 50_000
const mostNotes = 200
const pressRelease = { name: 'Press release', literal: 'press-release' } as const

/**
 * A story as plain text: lines for the desk, a headline, a byline, paragraphs that may begin with a dateline, notes and initials. It
 * has no id: the story is known by its content. The last of the formats: what a feed sends without any other form is this.
 */
export const plainText: WireFormat = {
  name: 'plain-text',

  recognises: ({ text }) => !isOtherKind(text) && looksLikeNews(text),

  parse(message, context) {
    // A feed may name this format, and then nobody asked whether this is text.
    if (isOtherKind(message.text))
      return reject('malformed', 'mark-up, JSON or control characters: this is not plain text')
    const lines = printable(message.text).split(/\r\n|[\n\r\f\u2028\u2029]/)
    if (lines.length > mostLines) return reject('too-complex', `more than ${mostLines} lines`)
    return pass([itemOf(lines, context)])
  },
}

function itemOf(lines: readonly string[], context: ParseContext): Outcome<ParsedItem> {
  const head = readHead(lines, context)
  const test = head.marks.find((mark) => mark.kind === 'test')
  if (test !== undefined) return ignore('test-message', head.notes.join(' ').slice(0, 200))
  // What a text says of another is for a person: plain text names no story that could be recalled.
  if (head.marks.some((mark) => mark.kind === 'kill'))
    return reject('kill-without-id', `a text that says ${JSON.stringify(head.notes.join(' ').slice(0, 200))}`)
  const { bodyEnd, notes } = readEnd(lines, head.bodyAt)
  const { text, embargoes } = withoutEmbargoes(lines.slice(head.bodyAt, bodyEnd), context)
  const body = cleanText(text.join('\n'))
  if (head.headline === undefined && body.text === '') return reject('no-story', 'neither a headline nor a text')
  const story: Draft<Story> = { type: 'text' }
  putHead(story, head)
  if (body.text !== '') {
    story.bodyHtml = body.html
    story.bodyText = body.text
  }
  put(story, 'edNotes', [...head.notes, ...embargoes.map(({ line }) => line), ...notes].slice(0, mostNotes))
  putMarks(story, head.marks)
  putEmbargo(story, [
    ...head.marks.filter((mark) => mark.kind === 'embargo'),
    ...embargoesInHeadline(head.headline ?? '', context),
    ...embargoes.map(({ mark }) => mark),
    ...[...head.otherNotes, ...notes].flatMap((note) => embargoesInNote(note, context)),
  ])
  return pass({ story, source: sourceOf(lines) })
}

function withoutEmbargoes(lines: readonly string[], context: ParseContext) {
  const embargoes: { readonly line: string; readonly mark: Embargo }[] = []
  const text = lines.filter((line, at) => {
    const mark = embargoInText(lines, at, context)
    if (mark !== null) embargoes.push({ line: squeeze(line), mark })
    return mark === null
  })
  return { text, embargoes }
}

function putEmbargo(story: Draft<Story>, embargoes: readonly Embargo[]): void {
  const embargo = longestEmbargo(embargoes)
  if (embargo === undefined) return
  story.embargoed = embargo.embargoed
  put(story, 'flags', [...embargo.flags])
}

function putHead(story: Draft<Story>, { headline, subheadlines, by }: TextHead): void {
  if (headline !== undefined)
    story.headlines = [{ value: headline }, ...subheadlines.map((value) => ({ role: 'subheadline', value }))]
  put(story, 'by', by)
}

/** The first mark of a kind stands. */
function putMarks(story: Draft<Story>, marks: readonly DeskMark[]): void {
  for (const mark of marks) {
    if (mark.kind === 'urgency' && story.urgency === undefined) {
      story.urgency = mark.urgency
      story.supplierUrgency = mark.label
    } else if ((mark.kind === 'correction' || mark.kind === 'repeat') && story.change === undefined) {
      story.change = mark.kind
    } else if (mark.kind === 'press-release') story.genres = [pressRelease]
  }
}

/** The text whatever its line breaks and spaces. */
const sourceOf = (lines: readonly string[]): string => squeeze(lines.join(' '))
