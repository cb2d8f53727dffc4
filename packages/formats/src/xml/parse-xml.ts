import { type Outcome, pass, reject } from '@dateline/story'
import { SaxesParser } from 'saxes'
import { scanXml } from './scan-xml.ts'
import { type Refusal, type TreeBuilder, treeBuilder } from './tree-builder.ts'
import { xhtmlEntities } from './xhtml-entities.ts'
import type { XmlDocument } from './xml-tree.ts'

const maxCharacters = 10_000_000
const maxAttributesOfElement = 1_000
const longestDoctype = 2_000
const literal = String.raw`(?:"[^"<>%&[\]]*"|'[^'<>%&[\]]*')`
const onlyNamesFiles = new RegExp(
  String.raw`^[^[\]]*\[(?:\s|<!ENTITY\s+%\s+[\w.-]+\s+(?:SYSTEM|PUBLIC\s+${literal})\s+${literal}\s*>|%[\w.-]+;)*\]\s*$`,
)

/**
 * Text to a tree. Refuses what is not well formed (`malformed`, with line and column), what is nested too deep or too large, and any
 * document type with declarations of its own (`doctype`). One that only names files is taken, and none of them is ever fetched: an external
 * subset, or parameter entities that stand for one (NewsML 1.2 of ATS and Kyodo names the DTD of NITF so). XHTML's named characters are known
 * without one. Takes time in proportion to the text.
 */
export function parseXml(text: string): Outcome<XmlDocument> {
  if (text.length > maxCharacters) return reject('too-large', `${text.length} characters`)
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  // Seen before the XML declaration, where the standard allows nothing: blank lines.
  const start = lines.trimStart()
  const builder = treeBuilder()
  const scanned = scanXml(start, builder)
  if (scanned === false) return parseWithSaxes(start)
  return scanned === true ? outcomeOf(builder, start) : scanned
}

/** As `parseXml`, by saxes alone: it decides about everything that the scanner leaves, and words what is wrong. */
export function parseWithSaxes(text: string): Outcome<XmlDocument> {
  const builder = treeBuilder()
  return drive(text, builder) ?? outcomeOf(builder, text)
}

function outcomeOf(builder: TreeBuilder, text: string): Outcome<XmlDocument> {
  const root = builder.root()
  return root === null ? reject('malformed', 'no element') : pass({ root, text })
}

/** Thrown through the parser to leave it. */
const stop = new Error('stop')

function drive(text: string, builder: TreeBuilder): Refusal | null {
  const parser = new SaxesParser({ xmlns: false, position: true })
  let refusal: Refusal | null = null
  let attributes: string[] = []
  const refuse = (fault: Refusal): never => {
    refusal ??= fault
    throw stop
  }
  parser.on('error', (error) => refuse(reject('malformed', error.message)))
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[') && !(doctype.length <= longestDoctype && onlyNamesFiles.test(doctype)))
      refuse(reject('doctype', 'a document type with declarations of its own'))
  })
  parser.on('attribute', ({ name, value }) => {
    attributes.push(name, value)
    if (attributes.length > maxAttributesOfElement * 2)
      refuse(reject('too-complex', `more than ${maxAttributesOfElement} attributes on one element`))
  })
  parser.on('opentag', ({ name }) => {
    // A `<` cannot stand within a tag, so the last one before its end begins it.
    const refused = builder.open(name, attributes, text.lastIndexOf('<', parser.position - 1))
    attributes = []
    if (refused !== null) refuse(refused)
  })
  parser.on('closetag', () => builder.close(parser.position))
  parser.on('text', (data) => builder.text(data))
  parser.on('cdata', (data) => builder.text(data))
  try {
    if (/&[A-Za-z]/.test(text)) Object.assign(parser.ENTITIES, xhtmlEntities)
    parser.write(text).close()
  } catch (fault) {
    return refusal ?? reject('malformed', fault instanceof Error ? fault.message : 'not XML')
  }
  return null
}
