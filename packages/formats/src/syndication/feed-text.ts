import { printable } from '../body/body-text.ts'
import type { CleanBody } from '../body/body-writer.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'

/** RSS does not say whether a text is mark-up: known tags and entities tell. */
const marked =
  /<\/?(?:a|article|b|blockquote|br|div|em|figure|h[1-6]|hr|i|img|li|ol|p|section|small|span|strong|sub|sup|table|u|ul)(?:\s[^<>]{0,2000})?\/?>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});/i

/** One line of plain text, whether it was sent as text or as HTML; undefined where nothing is left. */
export function feedLine(text: string): string | undefined {
  const plain = marked.test(text) ? cleanHtml(text).text : printable(text)
  const line = plain.replace(/\s+/g, ' ').trim()
  return line === '' ? undefined : line
}

export const feedBody = (text: string): CleanBody => (marked.test(text) ? cleanHtml(text) : cleanText(text))
