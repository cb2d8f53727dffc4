import type { Association, Outcome } from '@dateline/story'
import { put } from '../json/json-values.ts'
import { putCategory } from '../syndication/feed-category.ts'
import { absolute, type FeedEntry, finishEntry, putTime, startEntry } from '../syndication/feed-entry.ts'
import { entrySource, feedName, isVolatile } from '../syndication/feed-namespaces.ts'
import { putForeign, putSource } from '../syndication/foreign-element.ts'
import { languageTag } from '../syndication/language-tag.ts'
import { leavePath } from '../unmapped.ts'
import type { ParseContext, ParsedItem } from '../wire-format.ts'
import { attribute, child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { authorsOf, type Inherited } from './inherited.ts'
import { bodyOfConstruct, textOfConstruct } from './text-construct.ts'

export interface AtomSurroundings {
  readonly inherited: Inherited
  /** The document's text, in which the entry's element lies. */
  readonly text: string
  readonly context: ParseContext
}

/** One entry as a story. */
export function atomEntry(element: XmlElement, { inherited, text, context }: AtomSurroundings): Outcome<ParsedItem> {
  const ownBase = attribute(element, 'xml:base')
  const base = absolute(ownBase, inherited.base) ?? inherited.base
  const entry = startEntry(context.feed.timezone, base)
  const { story } = entry
  const related: Association[] = []
  for (const part of elements(element)) {
    const name = feedName(part, element.namespace)
    if (isVolatile(name)) continue
    if (name === 'link') putLink(entry, part, { base, related })
    else if (!putOwn(entry, name, part) && !putForeign(entry, name, part))
      leavePath(entry, `entry/${name.replace('?:', '')}`)
  }
  const source = child(element, 'source')
  if (entry.names.length === 0) entry.names.push(...(source === undefined ? [] : authorsOf(source)))
  if (entry.names.length === 0) entry.names.push(...inherited.names)
  story.copyrightNotice ?? put(story, 'copyrightNotice', inherited.rights)
  story.language ?? put(story, 'language', languageTag(attribute(element, 'xml:lang')) ?? inherited.language)
  const outcome = finishEntry(entry, entrySource(element, text))
  if (outcome.kind !== 'pass' || related.length === 0) return outcome
  const associations = [...(outcome.value.story.associations ?? []), ...related]
  return { ...outcome, value: { ...outcome.value, story: { ...outcome.value.story, associations } } }
}

function putOwn(entry: FeedEntry, name: string, element: XmlElement): boolean {
  const { story } = entry
  switch (name) {
    case 'id': {
      const id = lineOf(element)
      if (id !== undefined) entry.ids.unshift(id)
      return true
    }
    case 'title': {
      const value = textOfConstruct(element)
      if (value !== undefined) story.headlines ??= [{ value }]
      return true
    }
    case 'updated':
    case 'published':
      putTime(entry, name, lineOf(element))
      return true
    case 'author': {
      const author = textOfConstruct(child(element, 'name'))
      if (author !== undefined) entry.names.push(author)
      return true
    }
    case 'category': {
      const term = attribute(element, 'term')
      if (term !== undefined)
        putCategory(entry, { term, scheme: attribute(element, 'scheme'), label: attribute(element, 'label') })
      return true
    }
    case 'rights':
      put(story, 'copyrightNotice', textOfConstruct(element))
      return true
    case 'source':
      putSource(entry, textOfConstruct(child(element, 'title')), lineOf(child(element, 'id')))
      return true
    case 'summary': {
      const summary = bodyOfConstruct(element)
      if (summary !== null) entry.summary = summary
      return summary !== null
    }
    case 'content':
      return putContent(entry, element)
    case 'app:control': {
      // RFC 5023, 13.1.1: a draft asks not to be visible.
      const isDraft = elements(element).some((part) => part.name === 'draft' && lineOf(part) === 'yes')
      if (isDraft) story.pubStatus = 'withheld'
      return true
    }
    case 'app:edited':
      return true
    default:
      return false
  }
}

function putContent(entry: FeedEntry, element: XmlElement): boolean {
  const href = attribute(element, 'src')
  if (href !== undefined) return entry.media.addFile({ href, contentType: attribute(element, 'type') })
  const content = bodyOfConstruct(element)
  if (content === null) return false
  entry.content ??= content
  const language = languageTag(attribute(element, 'xml:lang'))
  if (language !== undefined) entry.story.language = language
  return true
}

const ofTheFeed = new Set(['self', 'edit', 'edit-media'])
const mostRelated = 100

function putLink(
  entry: FeedEntry,
  element: XmlElement,
  { base, related }: { readonly base: string | undefined; readonly related: Association[] },
): void {
  const rel = (attribute(element, 'rel') ?? 'alternate').replace('http://www.iana.org/assignments/relation/', '')
  const href = attribute(element, 'href')
  const title = attribute(element, 'title')
  const uri = absolute(href, base)
  if (ofTheFeed.has(rel)) return
  if (rel === 'alternate' && uri !== undefined) entry.link ??= uri
  else if (rel === 'license' && uri !== undefined) entry.story.usageTerms ??= uri
  else if ((rel === 'related' || rel === 'via') && uri !== undefined && related.length < mostRelated)
    related.push({ name: rel, uri, ...(title === undefined ? {} : { headline: title }) })
  else if (
    rel !== 'enclosure' ||
    !entry.media.addFile({
      href,
      title,
      contentType: attribute(element, 'type'),
      size: attribute(element, 'length'),
    })
  )
    leavePath(entry, `entry/link[${rel.slice(0, 60)}]`)
}
