import type { Association, NewsObjectType, Outcome, Rendition, Roled } from '@dateline/story'
import { finishReading } from '../json/finish-reading.ts'
import { type Draft, isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'
import { languageTag } from '../json/language-tag.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import { putPubStatus } from '../json/pub-status.ts'
import { type JsonReading, putEmbargo, putInstant, startReading } from '../json/reading.ts'
import { sourceOf } from '../json/source-of.ts'
import { putUrgency } from '../json/urgency.ts'
import { wholeNumber } from '../json/whole-number.ts'
import type { ParsedItem } from '../wire-format.ts'
import { putDpaBody } from './dpa-body.ts'
import { putDpaCategories } from './dpa-categories.ts'
import { dpaNotes } from './dpa-notes.ts'

const known = new Set(
  `format type entry_id urn version version_created updated pubstatus signal embargoed content_created urgency language kicker headline
  subhead teaser byline dateline article_html infobox_html linkbox_html creditline copyrightnotice usageterms autopublishnotice notepad
  ednotes descriptions associations categories rubric_names current_rubric_names dpasubject_names geosubject_names keyword_names desk_names
  genre_names poi_names scope_names`.split(/\s+/),
)

/** New with each delivery of a version, and with each re-issue of it. Rendition links expire. */
const ofTransmission: ReadonlySet<string> = new Set(['entry_id', 'updated'])

const types: ReadonlyMap<string, NewsObjectType> = new Map([
  ['article', 'text'],
  ['text', 'text'],
  ['composite', 'composite'],
  ['image', 'picture'],
  ['picture', 'picture'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['graphic', 'graphic'],
])
const typeOf = (value: unknown): NewsObjectType | undefined => types.get(textOf(value)?.toLowerCase() ?? '')

const mostAssociations = 200

/** One entry as a story. */
export function dpaStory(item: JsonObject, isMended: boolean, timezone: string | undefined): Outcome<ParsedItem> {
  const reading = startReading(item, { isMended, timezone })
  const { story } = reading
  put(story, 'id', textOf(item.urn))
  put(story, 'version', textOf(item.version))
  putInstant(reading, 'versionCreated', 'version_created')
  putInstant(reading, 'contentCreated', 'content_created')
  put(story, 'type', typeOf(item.type))
  put(story, 'language', languageTag(item.language))
  putUrgency(reading, item.urgency)
  const isEmbargoed = putPubStatus(reading, item.pubstatus)
  putEmbargo(reading, item.embargoed, isEmbargoed)
  putSignals(reading)
  putTexts(reading)
  putDpaBody(reading)
  put(story, 'edNotes', dpaNotes(item))
  putDpaCategories(reading)
  put(story, 'associations', associationsIn(item.associations))
  put(story, 'copyrightNotice', textOf(item.copyrightnotice))
  put(story, 'usageTerms', textOf(item.usageterms))
  return finishReading(reading, known, sourceOf(item, ofTransmission))
}

const correctionNotes = /^dpaednoterole:correction(?:short|_consumerready)?$/

/** A correction is said by the signal, or by the role of a note to editors. */
function putSignals({ item, story }: JsonReading): void {
  const signals = listOf(item.signal).flatMap((signal) => textOf(isObject(signal) ? signal.qcode : signal) ?? [])
  put(story, 'signals', [...new Set(signals.map((signal) => signal.replace(/\s+/g, '-')))])
  const isCorrected = listOf(item.ednotes).some(
    (note) => isObject(note) && correctionNotes.test(textOf(note.role) ?? ''),
  )
  if (isCorrected || signals.some((signal) => /(?:^|:)correction$/i.test(signal))) story.change = 'correction'
  else if (signals.some((signal) => /(?:^|:)(?:repeat|refile)$/i.test(signal))) story.change = 'repeat'
}

function putTexts({ item, story }: JsonReading): void {
  const headlines: Roled[] = []
  const add = (value: string | undefined, role?: string): void => {
    if (value !== undefined) headlines.push(role === undefined ? { value } : { role, value })
  }
  add(plainLine(item.headline))
  add(plainLine(item.kicker), 'kicker')
  add(plainLine(item.subhead), 'subhead')
  put(story, 'headlines', headlines)
  put(story, 'by', plainLine(item.byline))
  // "Berlin (dpa) - ", ready to stand before the text.
  put(story, 'dateline', plainLine(item.dateline)?.replace(/ ?[-–—]$/, ''))
  const descriptions = listOf(item.descriptions).flatMap((entry): Roled[] => {
    const value = plainText(isObject(entry) ? entry.description : entry)
    const role = isObject(entry) ? textOf(entry.role) : undefined
    if (value === undefined) return []
    return [role === undefined ? { value } : { role: role.slice(role.indexOf(':') + 1), value }]
  })
  const teaser = plainText(item.teaser)
  const autopublish = plainText(item.autopublishnotice)
  if (teaser !== undefined) descriptions.unshift({ role: 'teaser', value: teaser })
  if (autopublish !== undefined) descriptions.push({ role: 'autopublishnotice', value: autopublish })
  put(story, 'descriptions', descriptions)
}

/** In the order of their rank. */
function associationsIn(value: unknown): Association[] {
  const entries = listOf(value).filter(isObject).slice(0, mostAssociations)
  const ranked = entries.toSorted((a, b) => (wholeNumber(a.rank) ?? Infinity) - (wholeNumber(b.rank) ?? Infinity) || 0)
  return ranked.flatMap((entry, at) => {
    const uri = textOf(entry.urn)
    if (uri === undefined) return []
    const place = textOf(entry.rank) ?? String(at + 1)
    const name = entry.is_featureimage === true ? 'featureimage' : `${textOf(entry.type) ?? 'item'}-${place}`
    const association: Draft<Association> & { name: string; uri: string } = { name, uri }
    put(association, 'type', typeOf(entry.type))
    put(association, 'headline', plainLine(entry.headline))
    put(association, 'caption', plainText(entry.caption))
    put(association, 'by', plainLine(entry.creditline))
    put(association, 'renditions', listOf(entry.renditions).filter(isObject).flatMap(renditionOf))
    return [association]
  })
}

/** `size` is the longer side in pixels, which names the rendition. */
function renditionOf(entry: JsonObject, at: number): Rendition[] {
  const href = textOf(entry.url)
  if (href === undefined) return []
  const size = textOf(entry.size)
  const rendition: Draft<Rendition> & { name: string } = { name: size === undefined ? String(at) : `s${size}`, href }
  put(rendition, 'contentType', textOf(entry.mimetype))
  put(rendition, 'width', wholeNumber(entry.width))
  put(rendition, 'height', wholeNumber(entry.height))
  return [rendition]
}
