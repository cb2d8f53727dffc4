import type { Concept, Outcome, Roled } from '@dateline/story'
import { conceptOf } from '../json/concept-values.ts'
import { finishReading } from '../json/finish-reading.ts'
import { isObject, type JsonObject, listOf, put, textOf, textsOf } from '../json/json-values.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import { putPubStatus } from '../json/pub-status.ts'
import { type JsonReading, putEmbargo, startReading } from '../json/reading.ts'
import { putUrgency } from '../json/urgency.ts'
import { keywordList } from '../keyword-list.ts'
import type { ParsedItem } from '../wire-format.ts'
import { fieldsOf } from './fields.ts'
import { publishInstant } from './publish-instant.ts'
import { ritzauBody, singlyEscaped } from './ritzau-body.ts'

const known = new Set(
  `newsid strid iaid publishdate topstory topweb infoflash strapline headline subtitle town origin sectionid section sectionshort version
  replaces replacedid format formatid content body contentshort histid priority iptclist isin annuleret annulleret nyversion korrektion byline
  prettyby prettybyline bylineemail bylinephone subjectkeyword subjects keywords tilredaktionen companies status pubstatus embargo
  embargoed language`.split(/\s+/),
)

const mostConcepts = 1_000
const subjectCodes = 'http://cv.iptc.org/newscodes/subjectcode/'

/** What an item says under the names of the service, or of its web client. */
type Field = (...names: readonly string[]) => unknown

/** One news item as a story. */
export function ritzauStory(item: JsonObject, isMended: boolean, timezone: string | undefined): Outcome<ParsedItem> {
  const fields = fieldsOf(item)
  const field: Field = (...names) => names.map((name) => fields.get(name)).find((value) => value !== undefined)
  const reading = startReading(Object.fromEntries(fields), { isMended, timezone })
  const { story, flags } = reading
  putIdentity(reading, field)
  const published = publishInstant(field('publishdate'), timezone)
  if (published === null) flags.add('time-unreadable')
  else put(story, 'versionCreated', published)
  putStatus(reading, field)
  putTexts(reading, field)
  putConcepts(reading, field)
  return finishReading(reading, known, JSON.stringify(item))
}

/** Each version is an item of its own, that names the one it takes the place of. */
function putIdentity({ story }: JsonReading, field: Field): void {
  put(story, 'id', textOf(field('newsid', 'strid')))
  put(story, 'version', textOf(field('version')))
  const altIds = (['histid', 'iaid'] as const).flatMap((role) => {
    const value = textOf(field(role))
    return value === undefined || value === story.id ? [] : [{ role, value }]
  })
  put(story, 'altIds', altIds)
  const replaced = [...textsOf(field('replacedid')), ...textsOf(field('replaces'))]
  put(
    story,
    'replaces',
    [...new Set(replaced)].filter((id) => id !== story.id),
  )
}

function putStatus(reading: JsonReading, field: Field): void {
  const { story } = reading
  putUrgency(reading, field('priority'))
  const isHeld = putPubStatus(reading, field('pubstatus'))
  putEmbargo(reading, field('embargo', 'embargoed'), isHeld)
  if (isTrue(field('annuleret', 'annulleret'))) story.pubStatus = 'canceled'
  if (isTrue(field('korrektion'))) story.change = 'correction'
  put(
    story,
    'signals',
    ['infoflash', 'topstory', 'topweb', 'nyversion', 'korrektion', 'annuleret'].filter((name) => isTrue(field(name))),
  )
}

const isTrue = (value: unknown): boolean => value === true || value === 1 || /^(?:true|1)$/i.test(textOf(value) ?? '')

function putTexts({ story }: JsonReading, field: Field): void {
  const headlines: Roled[] = []
  const headline = plainLine(singlyEscaped(field('headline')))
  const subtitle = plainLine(singlyEscaped(field('subtitle')))
  if (headline !== undefined) headlines.push({ value: headline })
  if (subtitle !== undefined) headlines.push({ role: 'subtitle', value: subtitle })
  put(story, 'headlines', headlines)
  put(story, 'slugline', textOf(field('strapline')))
  put(story, 'by', plainLine(field('byline')) ?? plainLine(field('prettybyline')))
  put(story, 'located', textOf(field('town')))
  const { body, notes } = ritzauBody(field('content', 'body'))
  put(story, 'bodyHtml', body.html === '' ? undefined : body.html)
  put(story, 'bodyText', body.text === '' ? undefined : body.text)
  const contact = ['bylineemail', 'bylinephone'].flatMap((name) => textOf(field(name)) ?? []).join(', ')
  put(story, 'edNotes', [
    ...listOf(field('tilredaktionen')).flatMap((note) => plainText(singlyEscaped(note)) ?? []),
    ...notes,
    ...(contact === '' ? [] : [contact]),
  ])
}

function putConcepts({ story }: JsonReading, field: Field): void {
  const strapline = (textOf(field('strapline')) ?? '').split('/').map((word) => word.replace(/^-+|-+$/g, ''))
  const words = [...strapline, ...listOf(field('subjectkeyword')), ...listOf(field('keywords'))]
  put(story, 'keywords', keywordList(words))
  put(story, 'section', textOf(field('section')))
  put(story, 'genres', [conceptOf(field('format'), undefined) ?? []].flat())
  put(story, 'subjects', [
    ...limited(field('iptclist')).flatMap(subjectOf),
    ...limited(field('subjects')).flatMap((subject) => named(subject)),
    ...limited(field('isin')).flatMap((isin) => conceptOf(undefined, isinOf(isin), 'instrument') ?? []),
  ])
  put(
    story,
    'organisations',
    limited(field('companies')).flatMap((company) => named(company)),
  )
  // "/ritzau/AFP/", "Via Ritzau"
  const credits = (textOf(field('origin')) ?? '').split('/').map((name) => name.trim())
  put(
    story,
    'infoSources',
    [...new Set(credits)].flatMap((name) => conceptOf(name, undefined) ?? []),
  )
}

/** IPTC's subject codes came as whole numbers, which lost the zeros before them: 4000000. */
function subjectOf(code: unknown): Concept[] {
  const text = textOf(code)
  if (text === undefined) return []
  return /^\d{7,8}$/.test(text) ? [{ uri: subjectCodes + text.padStart(8, '0') }] : [{ literal: text }]
}

const limited = (value: unknown): readonly unknown[] => listOf(value).slice(0, mostConcepts)

const isinOf = (value: unknown): string | undefined => {
  const isin = textOf(value)
  return isin === undefined ? undefined : `isin:${isin}`
}

function named(value: unknown): Concept[] {
  if (!isObject(value)) return [conceptOf(value, undefined) ?? []].flat()
  const fields = fieldsOf(value)
  return [conceptOf(fields.get('name') ?? fields.get('title'), fields.get('code') ?? fields.get('id')) ?? []].flat()
}
