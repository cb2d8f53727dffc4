import type { Rendition } from '@dateline/story'
import type { CleanBody } from '../body/body-writer.ts'
import { putInlineNitf } from '../body/inline-nitf.ts'
import { isTextElement, writeBody } from '../body/write-body.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { put } from '../json/json-values.ts'
import { attribute, elements, rawText, type XmlElement } from '../xml/xml-tree.ts'
import { leave, type Reading } from './reading.ts'
import { renditionOf } from './renditions.ts'
import { ttText } from './suppliers/tt-text.ts'

/** ANSA calls it text/plain and sends paragraphs in mark-up. */
const looksMarked =
  /^\s*(?:<!DOCTYPE html|<(?:html|body|div|section|article|p|h[1-6]|pre|ul|ol|table|br|blockquote)\b)/i

/** contentSet: the first text is the body; files elsewhere are renditions. */
export function putContentSet(set: XmlElement, reading: Reading): void {
  const { story } = reading
  const renditions: Rendition[] = [...(story.renditions ?? [])]
  let hasBody = false
  for (const element of elements(set)) {
    if (element.name === 'remoteContent') {
      const rendition = renditionOf(element, `content-${renditions.length + 1}`)
      if (rendition !== null) renditions.push(rendition)
      continue
    }
    const body = bodyIn(element, reading)
    if (body === null || hasBody) leave(reading, 'contentSet', element)
    else if (body.text !== '') {
      hasBody = true
      story.bodyHtml = body.html
      story.bodyText = body.text
    }
  }
  put(story, 'renditions', renditions)
}

/** null for content that is no text. */
function bodyIn(element: XmlElement, reading: Reading): CleanBody | null {
  if (element.name === 'inlineXML') return bodyOfXml(element, reading)
  if (element.name !== 'inlineData' || attribute(element, 'encoding') !== undefined) return null
  const contentType = attribute(element, 'contenttype') ?? 'text/plain'
  if (!/^text\/|html|xml/i.test(contentType)) return null
  return bodyOfData(rawText(element), contentType)
}

function bodyOfXml(element: XmlElement, reading: Reading): CleanBody | null {
  const parts = elements(element)
  const [first] = parts
  // Mark-up in a CDATA section is not XML yet.
  if (first === undefined) return bodyOfData(rawText(element), attribute(element, 'contenttype') ?? '')
  if (first.name === 'nitf') return putInlineNitf(first, reading.story)
  if (/ttnitf/i.test(attribute(element, 'contenttype') ?? '')) return ttText(element, reading)
  return parts.some(({ name }) => isTextElement(name)) ? writeBody([element]) : null
}

const bodyOfData = (text: string, contentType: string): CleanBody =>
  looksMarked.test(text) || /html/i.test(contentType) ? cleanHtml(text) : cleanText(text)
