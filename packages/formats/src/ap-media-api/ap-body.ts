import type { CleanBody } from '../body/body-writer.ts'
import { putInlineNitf } from '../body/inline-nitf.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { isObject, type JsonObject, textOf } from '../json/json-values.ts'
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

/** NITF that is no XML gives its text all the same. */
function bodyOfNitf(nitf: string, { story, flags }: JsonReading): CleanBody {
  const document = parseXml(nitf)
  if (document.kind !== 'pass') {
    flags.add('nitf-unreadable')
    return cleanHtml(betweenContentTags(nitf))
  }
  return putInlineNitf(document.value.root, story)
}

function betweenContentTags(nitf: string): string {
  const start = nitf.indexOf('<body.content')
  const end = nitf.lastIndexOf('</body.content>')
  return start < 0 ? nitf : nitf.slice(start, end < start ? undefined : end)
}
