import type { XmlElement } from '../xml/xml-tree.ts'

/** Namespaces by the prefix that everybody gives them. */
const prefixes: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2005/Atom', 'atom'],
  ['http://purl.org/rss/1.0/modules/content/', 'content'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ['http://search.yahoo.com/mrss/', 'media'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://www.w3.org/1999/xhtml', 'xhtml'],
  ['http://purl.org/atompub/tombstones/1.0', 'at'],
  ['http://www.w3.org/2007/app', 'app'],
  ['http://purl.org/syndication/thread/1.0', 'thr'],
  ['http://purl.org/rss/1.0/modules/slash/', 'slash'],
  ['http://wellformedweb.org/CommentAPI/', 'wfw'],
  ['http://rssnamespace.org/feedburner/ext/1.0', 'feedburner'],
  ['http://www.georss.org/georss', 'georss'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
])

/** Counters and addresses of comments: they change while the story does not, and say nothing of it. */
const volatile = /^(?:slash|wfw|feedburner):|^(?:thr:total|media:community)$/

/** An element's name: bare in the namespace of its entry, else with the usual prefix; the local name alone where none is known. */
export function feedName(element: XmlElement, ownNamespace: string): string {
  if (element.namespace === ownNamespace) return element.name
  const prefix = prefixes.get(element.namespace)
  return prefix === undefined ? `?:${element.name}` : `${prefix}:${element.name}`
}

export const isVolatile = (name: string): boolean => volatile.test(name)

/** An entry as sent, without what changes by itself. */
export function entrySource(entry: XmlElement, text: string): string {
  const parts: string[] = []
  let at = entry.start
  const leaveOut = (element: XmlElement): void => {
    for (const node of element.children) {
      if (typeof node === 'string') continue
      if (isVolatile(feedName(node, entry.namespace))) {
        parts.push(text.slice(at, node.start))
        at = node.end
      } else leaveOut(node)
    }
  }
  leaveOut(entry)
  parts.push(text.slice(at, entry.end))
  return parts.join('')
}
