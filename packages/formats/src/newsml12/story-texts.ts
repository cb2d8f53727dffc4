import type { CleanBody } from '../body/body-writer.ts'
import { put } from '../json/json-values.ts'
import type { Reading } from './reading.ts'
import type { TextPart, TextRole } from './text-part.ts'

/** Puts an item's texts where they belong: leads before the texts, captions and abstracts beside them, notes to the editors. */
export function putTexts(reading: Reading): void {
  const { story, parts, edNotes } = reading
  const linesOf = (role: TextRole): string[] => parts.flatMap((part) => (part.role === role ? lineIn(part) : []))
  const [title] = linesOf('title')
  if (story.headlines === undefined && title !== undefined) story.headlines = [{ value: title }]
  edNotes.push(...linesOf('note'))
  const described = (['abstract', 'caption'] as const).flatMap((role) =>
    linesOf(role).map((value) => ({ role, value })),
  )
  if (described.length > 0) story.descriptions = [...(story.descriptions ?? []), ...described]
  const texts = bodiesOf(parts, 'text')
  const leads = bodiesOf(parts, 'lead').filter((lead) => !texts[0]?.text.startsWith(lead.text))
  putBody(reading, joined([...leads, ...texts]))
}

export function putBody({ story }: Reading, { html, text }: CleanBody): void {
  delete story.bodyHtml
  delete story.bodyText
  if (text === '') return
  put(story, 'bodyHtml', html)
  put(story, 'bodyText', text)
}

const lineIn = ({ body }: TextPart): string[] => {
  const line = body.text.replace(/\s+/g, ' ').trim()
  return line === '' ? [] : [line]
}

const bodiesOf = (parts: readonly TextPart[], role: TextRole): CleanBody[] =>
  parts.flatMap((part) => (part.role === role && part.body.text !== '' ? [part.body] : []))

const joined = (bodies: readonly CleanBody[]): CleanBody => ({
  html: bodies.map(({ html }) => html).join(''),
  text: bodies.map(({ text }) => text).join('\n\n'),
})
