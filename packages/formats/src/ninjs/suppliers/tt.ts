import { isObject, type JsonObject, listOf } from '../../json/json-values.ts'
import { plainLine } from '../../json/plain-line.ts'

const opening = '<div class="dat">'
const longestLine = 1_000
const part = /<span[^>]{0,100}>([^<]{1,200})<\/span>/g

/**
 * TT's HTML begins with the headline once more and with the line of place and source (`<div class="dat">`, seen 2021): the first is left
 * out, the second is the dateline.
 */
export function fromTt(document: JsonObject): JsonObject {
  if (!hasHead(document)) return document
  const headlines = new Set(
    [document.headline, ...listOf(document.headlines).map((each) => (isObject(each) ? each.value : each))].flatMap(
      (headline) => plainLine(headline) ?? [],
    ),
  )
  const datelines: string[] = []
  const clean = (html: unknown): unknown => {
    const parted = typeof html === 'string' ? partedHead(html, headlines) : null
    if (parted === null) return html
    if (parted.dateline !== '') datelines.push(parted.dateline)
    return parted.html
  }
  const own: Record<string, unknown> = { ...document }
  for (const key of Object.keys(document)) if (key.startsWith('body_')) own[key] = clean(document[key])
  if (Array.isArray(document.bodies))
    own.bodies = document.bodies.map((body: unknown) => (isObject(body) ? { ...body, value: clean(body.value) } : body))
  const [dateline] = datelines
  return dateline === undefined ? document : { description_dateline: dateline, ...own }
}

function hasHead(document: JsonObject): boolean {
  const bodies = listOf(document.bodies).map((body) => (isObject(body) ? body.value : undefined))
  return [document.body_html5, document.body_richhtml5, document.body_html, ...bodies].some(
    (html) => typeof html === 'string' && html.includes(opening),
  )
}

/** null where there is no such head. */
function partedHead(html: string, headlines: ReadonlySet<string>): { html: string; dateline: string } | null {
  const start = html.indexOf(opening)
  const end = start < 0 ? -1 : html.indexOf('</div>', start)
  if (end < 0 || end - start > longestLine) return null
  const parts = [...html.slice(start, end).matchAll(part)].flatMap(([, text]) => plainLine(text) ?? [])
  return { html: withoutHeading(html.slice(0, start), headlines) + html.slice(end + 6), dateline: parts.join(' / ') }
}

function withoutHeading(html: string, headlines: ReadonlySet<string>): string {
  const start = html.lastIndexOf('<h1')
  const end = start < 0 ? -1 : html.indexOf('</h1>', start)
  if (end < 0) return html
  const text = plainLine(html.slice(start, end + 5))
  return text !== undefined && headlines.has(text) ? html.slice(0, start) + html.slice(end + 5) : html
}
