import { ignore, type Outcome, pass, reject } from '@dateline/story'
import type { ParsedItem, WireFormat } from '../wire-format.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { child, elements, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'
import { newsItem } from './news-item.ts'
import { topicsIn } from './topics.ts'

const lookCharacters = 20_000
const mostItems = 2_000

/** IPTC NewsML 1.0 to 1.2: a message whose NewsItems are stories. A document type may name its DTD, which is never fetched. */
export const newsml12: WireFormat = {
  name: 'newsml12',

  recognises: ({ text }) => isRoot(text.slice(0, lookCharacters)),

  parse(message, context) {
    const document = parseXml(message.text)
    if (document.kind !== 'pass') return document
    const { root, text } = document.value
    if (root.name !== 'NewsML') return reject('unknown-format', `the root is ${root.name}`)
    const items = itemsIn(root)
    if (items.length === 0) return withoutItems(root)
    if (items.length > mostItems) return reject('too-complex', `more than ${mostItems} items`)
    const surroundings = { context, text, priority: priorityOf(root), topics: topicsIn(root) }
    return pass(items.flatMap((item) => newsItem(item, surroundings)))
  },
}

/** Whether the first element is NewsML, whatever declarations and comments come before it. */
function isRoot(start: string): boolean {
  let at = start.indexOf('<')
  if (at < 0 || start.slice(0, at).trim() !== '') return false
  while (at >= 0) {
    if (start.startsWith('<?', at)) at = after(start, '?>', at)
    else if (start.startsWith('<!--', at)) at = after(start, '-->', at)
    else if (start.startsWith('<!DOCTYPE', at)) return /^<!DOCTYPE\s{1,100}NewsML[\s>[]/.test(start.slice(at, at + 120))
    else return /^<NewsML[\s/>]/.test(start.slice(at, at + 8))
    at = start.indexOf('<', at)
  }
  return false
}

const after = (text: string, end: string, from: number): number => {
  const found = text.indexOf(end, from)
  return found < 0 ? text.length : found + end.length
}

/** NewsItems in the order of the message; they may lie within components of others. */
function itemsIn(root: XmlElement): XmlElement[] {
  const found: XmlElement[] = []
  const look = (parent: XmlElement): void => {
    for (const element of elements(parent)) {
      if (element.name === 'NewsItem') found.push(element)
      if (element.name === 'NewsItem' || element.name === 'NewsComponent') look(element)
    }
  }
  look(root)
  return found
}

const vocabularies = new Set(['Catalog', 'TopicSet'])

function withoutItems(root: XmlElement): Outcome<readonly Outcome<ParsedItem>[]> {
  const held = elements(root).filter(({ name }) => vocabularies.has(name))
  if (held.length === 0) return reject('no-story', 'a NewsML message without a NewsItem')
  return pass([
    ignore(
      'not-a-story',
      `a message of ${held
        .map(({ name }) => name)
        .slice(0, 5)
        .join(', ')} alone`,
    ),
  ])
}

/** Of the envelope only the priority says something of the items; the rest is about this one transmission. */
function priorityOf(root: XmlElement): string | undefined {
  const envelope = child(root, 'NewsEnvelope')
  return envelope === undefined ? undefined : formalName(child(envelope, 'Priority'))
}
