import type { CleanBody } from '../body/body-writer.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { isObject, type JsonObject, put, textOf } from '../json/json-values.ts'
import type { JsonReading } from '../json/reading.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { child, lineOf, type XmlElement } from '../xml/xml-tree.ts'

/**
 * The body: an NITF document within the item, as `body_nitf` or in its NITF rendition, else HTML or text. The API itself only links to
 * the NITF; a poller that fetches it puts it there. A text item whose body stayed behind the link is flagged.
 */
export function putApBody(reading: JsonReading): void {
  const { item, story, flags } = reading
  const nitf = inlineNitf(item)
  const html = textOf(item.body_html)
  const text = textOf(item.body_text)
  let body: CleanBody | undefined
  if (nitf !== undefined) body = bodyOfNitf(nitf, reading)
  else if (html !== undefined) body = cleanHtml(html)
  else if (text !== undefined) body = cleanText(text)
  else if (isObject(item.renditions) && item.renditions.nitf !== undefined) flags.add('body-not-inline')
  if (body === undefined || body.text === '') return
  story.bodyHtml = body.html
  story.bodyText = body.text
}

function inlineNitf({ body_nitf: body, renditions }: JsonObject): string | undefined {
  const rendition = isObject(renditions) ? renditions.nitf : undefined
  const inline = isObject(rendition) ? (rendition.value ?? rendition.content ?? rendition.body) : rendition
  return textOf(body) ?? textOf(inline)
}

/** NITF of AP has had a namespace since version 2.2 of the API. From its head comes what the item does not say. */
function bodyOfNitf(nitf: string, { story, flags }: JsonReading): CleanBody {
  const document = parseXml(nitf)
  if (document.kind !== 'pass') {
    flags.add('nitf-unreadable')
    return cleanHtml(betweenContentTags(nitf))
  }
  const { root, text } = document.value
  const body = root.name === 'body' ? root : child(root, 'body')
  if (body === undefined) return cleanHtml(text.slice(root.start, root.end))
  const head = child(body, 'body.head')
  if (head !== undefined) putHead(head, story)
  const content = child(body, 'body.content')
  return content === undefined ? { html: '', text: '' } : cleanHtml(text.slice(content.start, content.end))
}

function putHead(head: XmlElement, story: JsonReading['story']): void {
  const hedline = child(head, 'hedline')
  const headline = hedline === undefined ? undefined : lineOf(child(hedline, 'hl1'))
  const abstract = lineOf(child(head, 'abstract'))
  if (story.headlines === undefined && headline !== undefined) story.headlines = [{ value: headline }]
  if (story.by === undefined) put(story, 'by', lineOf(child(head, 'byline')))
  put(story, 'dateline', lineOf(child(head, 'dateline')))
  if (story.descriptions === undefined && abstract !== undefined)
    story.descriptions = [{ role: 'abstract', value: abstract }]
}

function betweenContentTags(nitf: string): string {
  const start = nitf.indexOf('<body.content')
  const end = nitf.lastIndexOf('</body.content>')
  return start < 0 ? nitf : nitf.slice(start, end < start ? undefined : end)
}
