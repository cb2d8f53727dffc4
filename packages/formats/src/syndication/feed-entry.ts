import { type Concept, isUri, type Outcome, pass, reject, type Story } from '@dateline/story'
import type { CleanBody } from '../body/body-writer.ts'
import { readInstant } from '../dates.ts'
import { flaggedInstant } from '../flagged-time.ts'
import { type Draft, put } from '../json/json-values.ts'
import { readMailDate } from '../mail-date.ts'
import type { ParsedItem } from '../wire-format.ts'
import { type FeedMedia, feedMedia } from './feed-media.ts'

/** An entry while it is read: the story as far as it is known, and what becomes of it only when all is seen. */
export interface FeedEntry {
  readonly story: Draft<Story>
  /** IANA zone of times that carry none. */
  readonly timezone: string | undefined
  readonly media: FeedMedia
  readonly names: string[]
  readonly keywords: string[]
  readonly replaces: Set<string>
  readonly flags: Set<string>
  readonly unmapped: Set<string>
  published?: string
  updated?: string
  link?: string
  /** Ids by how good they are: guid or id, dc:identifier, rdf:about. */
  readonly ids: string[]
  summary?: CleanBody
  content?: CleanBody
}

export function startEntry(timezone: string | undefined, base: string | undefined): FeedEntry {
  return {
    story: {},
    timezone,
    media: feedMedia((href) => absolute(href, base)),
    names: [],
    keywords: [],
    replaces: new Set(),
    flags: new Set(),
    unmapped: new Set(),
    ids: [],
  }
}

/** http and ftp addresses alone, made absolute where there is a base. */
export function absolute(href: string | undefined, base?: string): string | undefined {
  if (href === undefined) return undefined
  if (/^(?:https?|ftp):\/\//i.test(href)) return isUri(href) ? href : encoded(href)
  return base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(href) ? undefined : encoded(href, base)
}

function encoded(href: string, base?: string): string | undefined {
  if (!URL.canParse(href, base)) return undefined
  const { href: whole } = new URL(href, base)
  return /^(?:https?|ftp):/.test(whole) && isUri(whole) ? whole : undefined
}

/** The later of the two times is the version's; a time that cannot be read is flagged. */
export function putTime(entry: FeedEntry, key: 'published' | 'updated' | 'contentCreated', text: string | undefined) {
  if (text === undefined) return
  // dc:date often has what RSS has, and the other way round.
  const read = readInstant(text, entry.timezone) ?? readMailDate(text, entry.timezone)
  const instant = flaggedInstant(read, entry.flags)
  if (instant === undefined) return
  if (key === 'contentCreated') entry.story.contentCreated ??= instant
  else entry[key] ??= instant
}

export function addConcept(entry: FeedEntry, key: 'subjects' | 'infoSources' | 'genres', concept: Concept): void {
  const list = entry.story[key]
  if (list === undefined) entry.story[key] = [concept]
  else if (list.length < mostConcepts) (list as Concept[]).push(concept)
}

const mostConcepts = 200
const mostIds = 20
const mostNames = 20

/** Where nothing else names an entry, its address does. */
export function finishEntry(entry: FeedEntry, source: string): Outcome<ParsedItem> {
  const { story, ids, link, published, updated, summary, content, flags } = entry
  const [id, ...otherIds] = [...new Set(ids)].slice(0, mostIds)
  put(story, 'id', id ?? link)
  if (id === undefined && link !== undefined) flags.add('id-from-link')
  put(story, 'versionCreated', updated ?? published)
  if (updated !== undefined && published !== undefined && updated !== published) story.firstCreated = published
  put(story, 'by', entry.names.length === 0 ? undefined : [...new Set(entry.names)].slice(0, mostNames).join(', '))
  putTexts(story, summary, content)
  const altIds = otherIds.map((value) => ({ role: 'identifier', value }))
  if (link !== undefined && link !== story.id) altIds.push({ role: 'link', value: link })
  put(story, 'altIds', altIds)
  put(story, 'keywords', distinct(entry.keywords))
  put(story, 'associations', entry.media.associations())
  put(story, 'replaces', [...entry.replaces].filter((other) => other !== story.id).slice(0, mostIds))
  put(story, 'unmapped', [...entry.unmapped])
  put(story, 'flags', [...flags])
  const isTelling = story.headlines ?? story.bodyText ?? story.descriptions ?? story.associations
  const isRecall = story.pubStatus !== undefined && story.pubStatus !== 'usable'
  if (isTelling !== undefined || (isRecall && story.id !== undefined)) return pass({ story, source })
  return isRecall
    ? reject('kill-without-id', 'an entry taken back, but no id')
    : reject('no-story', 'an entry without title, text and media')
}

function putTexts(story: Draft<Story>, summary: CleanBody | undefined, content: CleanBody | undefined): void {
  if (content !== undefined && content.text !== '') {
    story.bodyHtml = content.html
    story.bodyText = content.text
  }
  if (summary === undefined || summary.text === '' || summary.text === content?.text) return
  story.descriptions = [...(story.descriptions ?? []), { role: 'summary', value: summary.text }]
}

const mostKeywords = 200

/** As given, each once whatever its case. A category is one keyword whatever signs are in it. */
function distinct(words: readonly string[]): string[] {
  const found = new Map<string, string>()
  for (const word of words) {
    const key = word.toLowerCase()
    if (found.size < mostKeywords && !found.has(key)) found.set(key, word)
  }
  return [...found.values()]
}
