import type { Outcome } from '@dateline/story'
import { put } from '../json/json-values.ts'
import { putCategory } from '../syndication/feed-category.ts'
import { absolute, addConcept, type FeedEntry, finishEntry, putTime, startEntry } from '../syndication/feed-entry.ts'
import { entrySource, feedName, isVolatile } from '../syndication/feed-namespaces.ts'
import { feedBody, feedLine } from '../syndication/feed-text.ts'
import { putForeign, putHeadline, putName, putSource } from '../syndication/foreign-element.ts'
import { leavePath } from '../unmapped.ts'
import type { ParseContext, ParsedItem } from '../wire-format.ts'
import { attribute, elements, lineOf, rawText, type XmlElement } from '../xml/xml-tree.ts'
import type { Channel } from './channel.ts'

export interface RssSurroundings {
  readonly channel: Channel
  /** The document's text, in which the item's element lies. */
  readonly text: string
  readonly context: ParseContext
}

/**
 * One item as a story. A description beside content:encoded is its summary; alone it is the text, which RSS allows to be whole
 * ("an item may also be complete in itself, if so, the description contains the text").
 */
export function rssItem(item: XmlElement, { channel, text, context }: RssSurroundings): Outcome<ParsedItem> {
  const entry = startEntry(context.feed.timezone, channel.base)
  const { story } = entry
  for (const element of elements(item)) {
    const name = feedName(element, item.namespace)
    if (isVolatile(name)) continue
    if (!putOwn(entry, name, element) && !putAtom(entry, name, element) && !putForeign(entry, name, element))
      leavePath(entry, `item/${name.replace('?:', '')}`)
  }
  if ((entry.content?.text ?? '') === '' && entry.summary !== undefined) {
    entry.content = entry.summary
    delete entry.summary
  }
  const about = attribute(item, 'rdf:about')
  if (about !== undefined) entry.ids.push(about)
  story.language ?? put(story, 'language', channel.language)
  story.copyrightNotice ?? put(story, 'copyrightNotice', channel.copyright)
  if (story.infoSources === undefined && channel.publisher !== undefined)
    addConcept(entry, 'infoSources', { name: channel.publisher })
  return finishEntry(entry, entrySource(item, text))
}

/** RSS's own elements. */
function putOwn(entry: FeedEntry, name: string, element: XmlElement): boolean {
  const line = lineOf(element)
  switch (name) {
    case 'title':
      putHeadline(entry, line)
      return true
    case 'description':
      if (entry.summary === undefined) entry.summary = feedBody(rawText(element))
      return true
    case 'link':
      putLink(entry, line)
      return true
    case 'guid':
      putGuid(entry, line, attribute(element, 'isPermaLink'))
      return true
    case 'pubDate':
      putTime(entry, 'published', line)
      return true
    case 'author':
      putName(entry, line)
      return true
    case 'category':
      if (line !== undefined) putCategory(entry, { term: line, scheme: attribute(element, 'domain') })
      return true
    case 'source':
      putSource(entry, line, attribute(element, 'url'))
      return true
    case 'enclosure':
      return entry.media.addFile({
        href: attribute(element, 'url'),
        contentType: attribute(element, 'type'),
        size: attribute(element, 'length'),
      })
    default:
      return false
  }
}

/** The guid comes before any other id. It is the item's address too unless it says that it is not. */
function putGuid(entry: FeedEntry, guid: string | undefined, isPermaLink = 'true'): void {
  if (guid === undefined) return
  entry.ids.unshift(guid)
  if (isPermaLink === 'true' && entry.link === undefined) putLink(entry, guid)
}

function putLink(entry: FeedEntry, address: string | undefined): void {
  const link = absolute(address)
  if (link !== undefined) entry.link = link
}

/** What RSS borrows of Atom. */
function putAtom(entry: FeedEntry, name: string, element: XmlElement): boolean {
  const line = lineOf(element)
  switch (name) {
    case 'atom:updated':
      putTime(entry, 'updated', line)
      return true
    case 'atom:published':
      putTime(entry, 'published', line)
      return true
    case 'atom:summary':
      entry.summary ??= feedBody(rawText(element))
      return true
    case 'atom:author':
      putName(entry, lineOf(elements(element).find((part) => part.name === 'name')))
      return true
    case 'atom:rights':
      entry.story.copyrightNotice ??
        put(entry.story, 'copyrightNotice', line === undefined ? undefined : feedLine(line))
      return true
    case 'atom:link':
      return putAtomLink(entry, element)
    default:
      return false
  }
}

function putAtomLink(entry: FeedEntry, element: XmlElement): boolean {
  const href = attribute(element, 'href')
  switch (attribute(element, 'rel') ?? 'alternate') {
    case 'alternate':
      if (entry.link === undefined) putLink(entry, href)
      return true
    case 'self':
      return true
    case 'enclosure':
      return entry.media.addFile({
        href,
        contentType: attribute(element, 'type'),
        size: attribute(element, 'length'),
        title: attribute(element, 'title'),
      })
    default:
      return false
  }
}
