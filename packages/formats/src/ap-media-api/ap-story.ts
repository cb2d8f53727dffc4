import type { Outcome, Roled } from '@dateline/story'
import { finishReading } from '../json/finish-reading.ts'
import { first, isObject, type JsonObject, listOf, put, textOf, textsOf } from '../json/json-values.ts'
import { languageTag } from '../json/language-tag.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import { type JsonReading, putInstant, startReading } from '../json/reading.ts'
import { sourceOf } from '../json/source-of.ts'
import { keywordList } from '../keyword-list.ts'
import { newsObjectType } from '../ninjs/media.ts'
import type { ParsedItem } from '../wire-format.ts'
import { putApBody } from './ap-body.ts'
import { putApConcepts } from './ap-concepts.ts'
import { putApMedia } from './ap-media.ts'
import { putApStatus } from './ap-status.ts'

const known = new Set(
  `uri altids version type profile urgency editorialpriority language versioncreated firstcreated embargoed pubstatus ednote editorialtypes
  signals title headline headline_extended headline_seo slugline bylines located datelinelocation copyrightnotice usageterms keywords
  provider infosource person subject organisation place event fixture associations renditions body_nitf body_html body_text textformat
  description_summary description_caption description_text etag`.split(/\s+/),
)

/** How the item was asked for, in links of the API. */
const ofTransmission: ReadonlySet<string> = new Set(['qt', 'dt', 'readtime'])

const mostIds = 50

/** One content item as a story. */
export function apStory(item: JsonObject, isMended: boolean, timezone: string | undefined): Outcome<ParsedItem> {
  const reading = startReading(item, { isMended, timezone })
  const { story } = reading
  putIdentity(reading)
  putInstant(reading, 'versionCreated', 'versioncreated')
  putInstant(reading, 'firstCreated', 'firstcreated')
  put(story, 'type', newsObjectType(item.type))
  put(story, 'profile', textOf(item.profile))
  put(story, 'language', languageTag(item.language))
  putApStatus(reading)
  putTexts(reading)
  putApConcepts(reading)
  putApMedia(reading)
  putApBody(reading)
  put(story, 'copyrightNotice', textOf(item.copyrightnotice))
  const terms = textsOf(item.usageterms)
  put(story, 'usageTerms', terms.length === 0 ? undefined : terms.join('\n'))
  return finishReading(reading, known, sourceOf(item, ofTransmission))
}

/** `itemid` is the same for all revisions; `etag` is new with each, also where only metadata changed. */
function putIdentity({ item, story }: JsonReading): void {
  const altids = isObject(item.altids) ? item.altids : {}
  const inUri = /\/content\/([0-9a-f]{32})(?:[?./]|$)/i.exec(textOf(item.uri) ?? '')?.[1]
  put(story, 'id', textOf(altids.itemid) ?? inUri)
  put(story, 'version', textOf(item.version))
  const others = Object.entries(altids)
    .slice(0, mostIds)
    .flatMap(([role, value]) => {
      const text = role === 'itemid' ? undefined : textOf(value)
      return text === undefined ? [] : [{ role, value: text }]
    })
  put(story, 'altIds', others)
}

function putTexts({ item, story, flags }: JsonReading): void {
  const headlines: Roled[] = []
  const title = plainLine(item.title)
  const main = plainLine(item.headline)
  if (main !== undefined) headlines.push({ value: main })
  else if (title !== undefined) {
    headlines.push({ value: title })
    flags.add('headline-from-title')
  }
  const isNew = (value: string): boolean => headlines.every((headline) => headline.value !== value)
  for (const [role, value] of [
    ['extended', plainLine(item.headline_extended)],
    ['seo', plainLine(item.headline_seo)],
    ['title', title],
  ] as const)
    if (value !== undefined && isNew(value)) headlines.push({ role, value })
  put(story, 'headlines', headlines)
  put(story, 'slugline', textOf(item.slugline))
  put(story, 'by', byline(item.bylines))
  const located = isObject(item.datelinelocation) ? textOf(item.datelinelocation.city) : undefined
  put(story, 'located', located ?? textOf(item.located))
  put(
    story,
    'edNotes',
    listOf(item.ednote).flatMap((note) => plainText(note) ?? []),
  )
  const keywords = keywordList(item.keywords)
  put(story, 'keywords', keywords)
  const descriptions = (['summary', 'caption', 'text'] as const).flatMap((role) => {
    const value = plainText(item[`description_${role}`])
    return value === undefined ? [] : [{ role, value }]
  })
  put(story, 'descriptions', descriptions)
}

/** "By …" of one author or several, each as printed. */
function byline(bylines: unknown): string | undefined {
  const names = listOf(bylines).flatMap((entry) => textOf(isObject(entry) ? first(entry, 'by', 'name') : entry) ?? [])
  return names.length === 0 ? undefined : names.join(', ')
}
