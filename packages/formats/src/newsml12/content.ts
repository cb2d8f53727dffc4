import { Buffer } from 'node:buffer'
import type { CleanBody } from '../body/body-writer.ts'
import { type NitfBody, nitfChild, readNitfBody } from '../body/nitf-body.ts'
import { isTextElement, writeBody } from '../body/write-body.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { decode } from '../decode.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { attribute, child, elements, rawText, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'

/** The text of a ContentItem; with what an NITF document says beside its text. */
export interface Content {
  readonly body: CleanBody
  readonly nitf?: NitfBody
  /** Of the NITF: what it says of itself. */
  readonly head?: XmlElement | undefined
}

const longestEncoded = 4_000_000
const document = /^\s*(?:<\?xml|<!DOCTYPE\s|<!--|<nitf[\s>])/
const blockMarks = /<\/?(?:p|br|div|h[1-6]|hl[12]|ul|ol|li|table|pre|blockquote|html|body)\b[^<>]{0,500}>/i
const inlineMarks = /<\/?(?:a|b|i|u|em|strong|span|sub|sup)\b[^<>]{0,500}>/i

/** null for what is no text: files, encodings other than base64, XML of other standards. */
export function readContent(item: XmlElement): Content | null {
  const declared = `${formalName(child(item, 'Format')) ?? ''} ${formalName(child(item, 'MimeType')) ?? ''}`
  const encoding = child(item, 'Encoding')
  if (encoding !== undefined) {
    const text = decodedIn(encoding)
    return text === null ? null : ofText(text, declared)
  }
  const data = child(item, 'DataContent')
  return data === undefined ? null : ofData(data, declared)
}

function ofData(data: XmlElement, declared: string): Content | null {
  const parts = elements(data)
  const nitf = parts.find(({ name }) => name === 'nitf')
  if (nitf !== undefined) return ofNitf(nitf)
  if (parts.length === 0) return ofText(rawText(data), declared)
  return parts.some(({ name }) => isTextElement(name)) ? { body: writeBody([data]) } : null
}

function ofNitf(document: XmlElement): Content {
  const nitf = readNitfBody(document)
  return { body: nitf.body, nitf, head: nitfChild(document, 'head') }
}

/** Text, or mark-up that is not XML yet: in a CDATA section or escaped. */
function ofText(text: string, declared: string): Content {
  if (document.test(text) && text.includes('<nitf')) {
    const parsed = parseXml(text.trim())
    if (parsed.kind === 'pass' && parsed.value.root.name === 'nitf') return ofNitf(parsed.value.root)
  }
  if (blockMarks.test(text) || /html|nitf/i.test(declared)) return { body: cleanHtml(text) }
  const plain = cleanText(text)
  if (!inlineMarks.test(text)) return { body: plain }
  // Belga marks words and parts paragraphs by line breaks (seen 2019).
  const paragraphs = plain.text.split('\n\n').map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br />')}</p>`)
  return { body: cleanHtml(paragraphs.join('')) }
}

function decodedIn(encoding: XmlElement): string | null {
  const text = rawText(child(encoding, 'DataContent') ?? encoding)
  if (!/^base-?64$/i.test(attribute(encoding, 'Notation') ?? '') || text.length > longestEncoded) return null
  const decoded = decode(Buffer.from(text, 'base64'))
  return decoded.kind === 'pass' ? decoded.value.text : null
}

/** How well a ContentItem's form keeps a text, among several that hold the same: NITF, other mark-up, plain text, none. */
export function formRank(item: XmlElement): number {
  const data = child(item, 'DataContent')
  const parts = data === undefined ? [] : elements(data)
  if (parts.some(({ name }) => name === 'nitf')) return 0
  if (parts.some(({ name }) => isTextElement(name))) return 1
  return data !== undefined || child(item, 'Encoding') !== undefined ? 2 : 3
}
