import type { CleanBody } from '../body/body-writer.ts'
import { readNitfBody } from '../body/nitf-body.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { isObject, type JsonObject, put, textOf } from '../json/json-values.ts'
import type { JsonReading } from '../json/reading.ts'
import { parseXml } from '../xml/parse-xml.ts'

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

/** From the head of the NITF comes what the item does not say; what it says to editors is added to the notes. */
function bodyOfNitf(nitf: string, { story, flags }: JsonReading): CleanBody {
  const document = parseXml(nitf)
  if (document.kind !== 'pass') {
    flags.add('nitf-unreadable')
    return cleanHtml(betweenContentTags(nitf))
  }
  const read = readNitfBody(document.value.root)
  const headline = read.headlines.find(({ role }) => role === undefined)
  if (story.headlines === undefined && headline !== undefined) story.headlines = [headline]
  if (story.by === undefined) put(story, 'by', read.by)
  put(story, 'dateline', read.dateline)
  if (story.descriptions === undefined && read.abstract !== undefined)
    story.descriptions = [{ role: 'abstract', value: read.abstract }]
  put(story, 'edNotes', [...new Set([...(story.edNotes ?? []), ...read.edNotes])])
  return read.body
}

function betweenContentTags(nitf: string): string {
  const start = nitf.indexOf('<body.content')
  const end = nitf.lastIndexOf('</body.content>')
  return start < 0 ? nitf : nitf.slice(start, end < start ? undefined : end)
}
