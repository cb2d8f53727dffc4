import { reject } from '@dateline/story'
import { readEntries } from '../syndication/read-entries.ts'
import { rootTag } from '../syndication/root-tag.ts'
import type { WireFormat } from '../wire-format.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { child, children, elements, type XmlElement } from '../xml/xml-tree.ts'
import { channelOf } from './channel.ts'
import { rssItem } from './rss-item.ts'

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const rdfFeeds = ['http://purl.org/rss/1.0/', 'http://my.netscape.com/rdf/simple/0.9/']

/** RSS 0.91 to 2.0, and the RSS of RDF: 0.90 and 1.0. A feed is one message, each of its items a story. */
export const rss: WireFormat = {
  name: 'rss',

  recognises({ text }) {
    const tag = rootTag(text)
    if (tag === null) return false
    if (/^<(?:[\w.-]{1,40}:)?rss[\s/>]/.test(tag)) return true
    return /^<(?:[\w.-]{1,40}:)?RDF\s/.test(tag) && rdfFeeds.some((namespace) => tag.includes(namespace))
  },

  parse(message, context) {
    const document = parseXml(message.text)
    if (document.kind !== 'pass') return document
    const { root, text } = document.value
    const isRdf = root.name === 'RDF' && root.namespace === rdf
    if (root.name !== 'rss' && !isRdf) return reject('unknown-format', `the root is ${root.name}`)
    const feed = isRdf ? rdfFeed(root) : plainFeed(root)
    if (feed === null) return reject('malformed', 'a feed without a channel')
    const surroundings = { channel: channelOf(feed.channel), text, context }
    return readEntries(feed.items, (item) => rssItem(item, surroundings))
  },
}

interface Feed {
  readonly channel: XmlElement
  readonly items: readonly XmlElement[]
}

function plainFeed(root: XmlElement): Feed | null {
  const channel = child(root, 'channel')
  return channel === undefined ? null : { channel, items: children(channel, 'item') }
}

/** In RDF the channel only lists its items; they stand beside it. */
function rdfFeed(root: XmlElement): Feed | null {
  const own = elements(root).filter(({ namespace }) => rdfFeeds.includes(namespace))
  const channel = own.find(({ name }) => name === 'channel')
  return channel === undefined ? null : { channel, items: own.filter(({ name }) => name === 'item') }
}
