import type { Roled, Story } from '@dateline/story'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { first, isObject, type JsonObject, listOf, textOf } from '../json/json-values.ts'

interface TypedText {
  readonly role: string | undefined
  readonly contentType: string | undefined
  readonly value: string
}

/** The texts of a document, each kind in the order given. */
export interface DocumentTexts {
  readonly headlines: readonly TypedText[]
  readonly descriptions: readonly TypedText[]
  readonly bodies: readonly TypedText[]
}

/** 2.x and 3.x have lists; 1.x a key for each role ("description_text", "headline_short"). Empty texts are left out. */
export function textsIn(document: JsonObject): DocumentTexts {
  const headlines = listed(document.headlines)
  const descriptions = listed(document.descriptions)
  const bodies = listed(document.bodies)
  const single = textOf(document.headline)
  if (single !== undefined) headlines.unshift({ role: undefined, contentType: undefined, value: single })
  for (const key of Object.keys(document)) {
    if (key.startsWith('headline_')) add(headlines, key, 'headline_', document)
    else if (key.startsWith('description_')) add(descriptions, key, 'description_', document)
    else if (key.startsWith('body_')) add(bodies, key, 'body_', document)
  }
  return { headlines, descriptions, bodies }
}

function add(list: TypedText[], key: string, prefix: string, document: JsonObject): void {
  const value = textOf(document[key])
  if (value !== undefined) list.push({ role: key.slice(prefix.length), contentType: undefined, value })
}

function listed(value: unknown): TypedText[] {
  if (value === undefined) return []
  return listOf(value).flatMap((entry): TypedText[] => {
    const text = textOf(isObject(entry) ? entry.value : entry)
    if (text === undefined) return []
    if (!isObject(entry)) return [{ role: undefined, contentType: undefined, value: text }]
    return [{ role: textOf(entry.role), contentType: textOf(first(entry, 'contentType', 'contenttype')), value: text }]
  })
}

/** Not every word in angle brackets is a tag: Reuters prints a company's ticker so ("EXAMPLE OIL <EXO>"). */
const looksMarked = (text: string): boolean =>
  /<(?:!|\/?(?:p|br|b|i|u|s|q|em|strong|span|div|a|h[1-6]|su[bp]|small|abbr|cite|code|mark|del|ins|font|ul|ol|li|img|blockquote)[\s/>])|&[a-z#][a-z0-9]{1,8};/i.test(
    text,
  )

/** One line of plain text; Superdesk's headlines carry mark-up and entities. */
const plainLine = (text: string): string =>
  (looksMarked(text) ? cleanHtml(text).text : text).replace(/\s+/g, ' ').trim()

export const headlinesOf = (texts: DocumentTexts): Roled[] =>
  texts.headlines.map(({ role, value }) => roled(role, plainLine(value))).filter(({ value }) => value !== '')

/** Descriptions by role; of one text given in two forms (description_text and description_html) the plain one. */
export function descriptionsOf(texts: DocumentTexts): Roled[] {
  if (texts.descriptions.length === 0) return []
  const plainFirst = texts.descriptions.toSorted((a, b) => Number(isHtmlRole(a.role)) - Number(isHtmlRole(b.role)))
  const byText = new Map<string, Roled>()
  for (const { role, value } of plainFirst) {
    const text = looksMarked(value) ? cleanHtml(value).text : value
    if (text !== '' && !byText.has(text)) byText.set(text, roled(role, text))
  }
  return [...byText.values()]
}

const roled = (role: string | undefined, value: string): Roled => (role === undefined ? { value } : { role, value })
const isHtmlRole = (role: string | undefined): boolean => role !== undefined && /html/i.test(role)

/** The body as clean HTML and as text. XML bodies of other standards (TT's `ttnitf`) are left to those who read them. */
export function bodyOf({ bodies }: DocumentTexts): Pick<Story, 'bodyHtml' | 'bodyText'> {
  const html = bodies.filter(isHtml)
  const main = html.find(({ role }) => role === 'main') ?? html[0]
  if (main !== undefined) {
    const cleaned = cleanHtml(main.value)
    if (cleaned.text.trim() !== '') return { bodyHtml: cleaned.html, bodyText: cleaned.text }
  }
  const plain = bodies.find((body) => !isHtml(body) && isPlain(body))
  if (plain === undefined) return {}
  const { html: bodyHtml, text: bodyText } = cleanText(plain.value)
  return { bodyHtml, bodyText }
}

function isHtml({ role = '', contentType = '', value }: TypedText): boolean {
  if (/html/i.test(contentType) || /html/i.test(role)) return true
  return (
    contentType === '' && /^<(?:p|div|h\d|section|article|html|ul|ol|table|br|b|i|em|strong|span)[\s/>]/i.test(value)
  )
}

const isPlain = ({ contentType = '', value }: TypedText): boolean =>
  /^text\/plain/i.test(contentType) || (contentType === '' && !value.startsWith('<'))
