import { isUri } from '@dateline/story'
import { writeBody } from '../body/write-body.ts'
import { put } from '../json/json-values.ts'
import { keywordList } from '../keyword-list.ts'
import { attribute, lineOf, rawText, type XmlElement } from '../xml/xml-tree.ts'
import { absolute, addConcept, type FeedEntry, putTime } from './feed-entry.ts'
import { feedBody, feedLine } from './feed-text.ts'
import { languageTag } from './language-tag.ts'

/**
 * An element of one of the modules that RSS and Atom share: Dublin Core, content, Media RSS. `name` by `feedName`. False where the story
 * has no place for it.
 */
export function putForeign(entry: FeedEntry, name: string, element: XmlElement): boolean {
  if (name.startsWith('media:')) return putMedia(entry, name, element)
  const { story } = entry
  const line = lineOf(element)
  if (line === undefined && element.children.length === 0) return element.attributes.length === 0
  switch (name) {
    case 'content:encoded':
      entry.content = feedBody(rawText(element))
      return true
    case 'xhtml:body':
    case 'xhtml:div':
      entry.content ??= writeBody([element])
      return true
    case 'dc:description':
    case 'dcterms:abstract':
      entry.summary ??= feedBody(rawText(element))
      return true
    case 'dc:title':
      putHeadline(entry, line)
      return true
    case 'dc:creator':
    case 'dcterms:creator':
    case 'itunes:author':
      putName(entry, line)
      return true
    case 'dc:date':
    case 'dcterms:issued':
    case 'dcterms:date':
      putTime(entry, 'published', line)
      return true
    case 'dcterms:modified':
      putTime(entry, 'updated', line)
      return true
    case 'dcterms:created':
      putTime(entry, 'contentCreated', line)
      return true
    case 'dc:subject':
    case 'dcterms:subject':
      entry.keywords.push(...keywordList(line))
      return true
    case 'dc:language':
    case 'dcterms:language':
      story.language ?? put(story, 'language', languageTag(line))
      return true
    case 'dc:rights':
    case 'dcterms:rights':
      story.copyrightNotice ?? put(story, 'copyrightNotice', feedLine(line ?? ''))
      return true
    case 'dcterms:rightsHolder':
      story.copyrightHolder ?? put(story, 'copyrightHolder', line)
      return true
    case 'dcterms:license':
      story.usageTerms ?? put(story, 'usageTerms', line ?? attribute(element, 'rdf:resource'))
      return true
    case 'dc:publisher':
    case 'dc:source':
    case 'dcterms:publisher':
      putSource(entry, line, undefined)
      return true
    case 'dc:type':
      if (line !== undefined) addConcept(entry, 'genres', { name: line })
      return true
    case 'dc:identifier':
    case 'dcterms:identifier':
      if (line !== undefined) entry.ids.push(line)
      return true
    case 'dcterms:replaces':
      if (line !== undefined) entry.replaces.add(line)
      return true
    default:
      return false
  }
}

function putMedia(entry: FeedEntry, name: string, element: XmlElement): boolean {
  if (name === 'media:keywords') {
    entry.keywords.push(...keywordList(lineOf(element)))
    return true
  }
  if (name === 'media:copyright') {
    entry.story.copyrightNotice ?? put(entry.story, 'copyrightNotice', lineOf(element))
    return true
  }
  return entry.media.addMediaRss(element)
}

export function putHeadline(entry: FeedEntry, text: string | undefined): void {
  const value = text === undefined ? undefined : feedLine(text)
  if (value !== undefined) entry.story.headlines ??= [{ value }]
}

/** "persdienst@voorbeeld.example (Iris de Bruin)" is RSS's own form; an address alone names nobody. */
export function putName(entry: FeedEntry, text: string | undefined): void {
  if (text === undefined) return
  const named = /^\S+@\S+ \(([^()]{1,200})\)$/.exec(text)?.[1] ?? /^([^<>]{1,200}) <[^<>\s]+@[^<>\s]+>$/.exec(text)?.[1]
  const name = named ?? (/^\S+@\S+$/.test(text) ? undefined : feedLine(text))
  if (name !== undefined) entry.names.push(name.trim())
}

export function putSource(entry: FeedEntry, name: string | undefined, address: string | undefined): void {
  const uri = address !== undefined && isUri(address) ? address : absolute(address)
  if (name === undefined && uri === undefined) return
  addConcept(entry, 'infoSources', {
    ...(name === undefined ? {} : { name }),
    ...(uri === undefined ? {} : { uri }),
  })
}
