import { ignore, type Outcome, pass, reject } from '@dateline/story'
import type { ParsedItem, WireFormat } from '../wire-format.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { child, children, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { signalIn } from './item-meta.ts'
import { type ItemSurroundings, newsItem } from './news-item.ts'

const namespace = 'http://iptc.org/std/nar/2006-10-01/'
const lookCharacters = 20_000
const mostItems = 2_000

/** IPTC NewsML-G2, any version: a newsMessage with its items, or one item alone. Only news items are stories. */
export const newsmlG2: WireFormat = {
  name: 'newsml-g2',

  recognises: ({ text }) => /^\s*</.test(text) && text.slice(0, lookCharacters).includes(namespace),

  parse(message, context) {
    const document = parseXml(message.text)
    if (document.kind !== 'pass') return document
    const { root, text } = document.value
    if (root.namespace !== namespace)
      return reject('unknown-format', `the root is ${root.name} of namespace ${JSON.stringify(root.namespace)}`)
    if (root.name !== 'newsMessage') return pass([itemOf(root, { message, context, text })])
    const items = children(root, 'itemSet').flatMap(elements)
    if (items.length === 0) return reject('no-story', 'a newsMessage without items')
    if (items.length > mostItems) return reject('too-complex', `more than ${mostItems} items`)
    const surroundings = { message, context, text, ...headerOf(root) }
    return pass(items.map((item) => itemOf(item, surroundings)))
  },
}

function itemOf(item: XmlElement, surroundings: ItemSurroundings): Outcome<ParsedItem> {
  if (item.namespace === namespace && item.name === 'newsItem') return newsItem(item, surroundings)
  return ignore('not-a-story', item.namespace === namespace ? item.name : `${item.name} of another standard`)
}

/** Of a message's header only its priority says something of the items, and a signal that all of it is a test. */
function headerOf(message: XmlElement): Pick<ItemSurroundings, 'priority' | 'signals'> {
  const header = child(message, 'header')
  if (header === undefined) return {}
  const priority = lineOf(child(header, 'priority'))
  const tests = children(header, 'signal')
    .flatMap(signalIn)
    .filter((signal) => /[:/]test$/i.test(signal))
  return { ...(priority === undefined ? {} : { priority }), ...(tests.length === 0 ? {} : { signals: tests }) }
}
