import { type Outcome, reject } from '@dateline/story'
import { printable } from '../body/body-text.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'
import { absolute, type FeedEntry, finishEntry, putTime, startEntry } from '../syndication/feed-entry.ts'
import { putHeadline } from '../syndication/foreign-element.ts'
import { languageTag } from '../syndication/language-tag.ts'
import { leavePath } from '../unmapped.ts'
import type { ParsedItem } from '../wire-format.ts'

/** What a feed says of the items that do not say it themselves. */
export interface FeedDefaults {
  readonly names: readonly string[]
  readonly language: string | undefined
}

export interface JsonFeedSurroundings {
  readonly defaults: FeedDefaults
  readonly isMended: boolean
  readonly timezone: string | undefined
}

export const feedDefaults = (feed: JsonObject): FeedDefaults => ({
  names: namesOf(feed),
  language: languageTag(textOf(feed.language)),
})

const known = new Set(
  `id url external_url title content_html content_text summary image banner_image date_published date_modified authors author tags language
  attachments`.split(/\s+/),
)
const mostAttachments = 100

/** One item as a story. */
export function jsonFeedItem(item: unknown, surroundings: JsonFeedSurroundings): Outcome<ParsedItem> {
  if (!isObject(item)) return reject('invalid', 'an item must be an object')
  const { defaults, isMended, timezone } = surroundings
  const entry = startEntry(timezone, undefined)
  const { story } = entry
  const id = textOf(item.id)
  if (id !== undefined) entry.ids.push(id)
  const link = absolute(textOf(item.url))
  if (link !== undefined) entry.link = link
  putHeadline(entry, textOf(item.title))
  putTime(entry, 'published', textOf(item.date_published))
  putTime(entry, 'updated', textOf(item.date_modified))
  putBodies(entry, item)
  const names = namesOf(item)
  entry.names.push(...(names.length === 0 ? defaults.names : names))
  put(story, 'language', languageTag(textOf(item.language)) ?? defaults.language)
  for (const tag of listOf(item.tags)) entry.keywords.push(...(textOf(tag) === undefined ? [] : [textOf(tag) ?? '']))
  putMedia(entry, item)
  for (const key of Object.keys(item)) if (!known.has(key) && isTelling(item[key])) leavePath(entry, key)
  if (isMended) entry.flags.add('control-characters-mended')
  const outcome = finishEntry(entry, JSON.stringify(item))
  const external = absolute(textOf(item.external_url))
  if (outcome.kind !== 'pass' || external === undefined) return outcome
  const { story: finished, source } = outcome.value
  const associations = [...(finished.associations ?? []), { name: 'external', uri: external }]
  return { ...outcome, value: { source, story: { ...finished, associations } } }
}

const isTelling = (value: unknown): boolean => value !== null && value !== '' && value !== undefined

function putBodies(entry: FeedEntry, item: JsonObject): void {
  const html = textOf(item.content_html)
  const plain = textOf(item.content_text)
  const summary = textOf(item.summary)
  if (html !== undefined) entry.content = cleanHtml(html)
  else if (plain !== undefined) entry.content = cleanText(plain)
  if (summary !== undefined) entry.summary = cleanText(summary)
}

/** 1.1 has a list of authors, 1.0 one. */
const namesOf = (holder: JsonObject): string[] =>
  [...listOf(holder.authors), ...(holder.authors === undefined ? listOf(holder.author) : [])]
    .slice(0, 20)
    .flatMap((author) => (isObject(author) ? (textOf(author.name) ?? []) : []))
    .map((name) => printable(name).replace(/\s+/g, ' '))

function putMedia(entry: FeedEntry, item: JsonObject): void {
  for (const key of ['image', 'banner_image'] as const) {
    const href = textOf(item[key])
    if (href !== undefined && !entry.media.addFile({ href, medium: 'image' })) leavePath(entry, key)
  }
  for (const attachment of listOf(item.attachments).slice(0, mostAttachments)) {
    if (!isObject(attachment)) continue
    const isTaken = entry.media.addFile({
      href: textOf(attachment.url),
      contentType: textOf(attachment.mime_type),
      size: textOf(attachment.size_in_bytes),
      title: textOf(attachment.title),
    })
    if (!isTaken) leavePath(entry, 'attachments')
  }
}
