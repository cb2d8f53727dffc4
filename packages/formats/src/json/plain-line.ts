import { cleanHtml } from '../clean-html.ts'
import { textOf } from './json-values.ts'

const looksMarked = (text: string): boolean => /<[a-z/!]|&[a-z#][a-z0-9]{1,8};/i.test(text)

/** A text as one plain line: without mark-up, entities and line breaks. Undefined where nothing is left. */
export function plainLine(value: unknown): string | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  const line = (looksMarked(text) ? cleanHtml(text).text : text).replace(/\s+/g, ' ').trim()
  return line === '' ? undefined : line
}

/** A text as plain paragraphs: a note in HTML, or as it stands. Undefined where nothing is left. */
export function plainText(value: unknown): string | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  const plain = (looksMarked(text) ? cleanHtml(text).text : text).trim()
  return plain === '' ? undefined : plain
}
