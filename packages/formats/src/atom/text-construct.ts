import type { CleanBody } from '../body/body-writer.ts'
import { writeBody } from '../body/write-body.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { attribute, rawText, type XmlElement } from '../xml/xml-tree.ts'

/** A text construct or content (RFC 4287, 3.1 and 4.1.3) by its type: text, html, xhtml, or a media type. null for what is no text. */
export function bodyOfConstruct(element: XmlElement): CleanBody | null {
  const type = (attribute(element, 'type') ?? 'text').toLowerCase()
  if (type === 'xhtml' || type.startsWith('application/xhtml')) return writeBody([element])
  if (type === 'html' || type.startsWith('text/html')) return cleanHtml(rawText(element))
  // Media types of text are sent as they are; all others but XML's in base64.
  return type === 'text' || /^text\/(?!xml)/.test(type) ? cleanText(rawText(element)) : null
}

/** The same on one line; undefined where there is nothing. */
export function textOfConstruct(element: XmlElement | undefined): string | undefined {
  const body = element === undefined ? null : bodyOfConstruct(element)
  const line = body?.text.replace(/\s+/g, ' ').trim()
  return line === '' ? undefined : line
}
