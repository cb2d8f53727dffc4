import type { Concept, Outcome } from '@dateline/story'
import { conceptOf } from '../json/concept-values.ts'
import { finishReading } from '../json/finish-reading.ts'
import { first, isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import { type JsonReading, putEmbargo, putInstant, startReading } from '../json/reading.ts'
import { sourceOf } from '../json/source-of.ts'
import { putUrgency } from '../json/urgency.ts'
import { keywordList } from '../keyword-list.ts'
import type { ParsedItem } from '../wire-format.ts'
import { anpBody } from './anp-body.ts'
import { categoryOf } from './categories.ts'

const known = new Set(
  `id itemId kind pubDate firstIssueDate modified source sourceTitle title bodyText urgency version authors category categories keywords
  entities financialCodes links wordCount charCount copyrightNotice editorialNote isRead isClipped embargoed embargo embargoDate`.split(
    /\s+/,
  ),
)

/** What the API's own users and machines do with an item, not what the agency says: `modified` moves without a new version. */
const ofTransmission: ReadonlySet<string> = new Set(['modified', 'isRead', 'isClipped', 'links'])

/** Persalarm, live, normal and lower; 5 and 6 are unused. On IPTC's scale 5 is normal. */
const urgencies = new Map([
  ['1', 1],
  ['2', 3],
  ['3', 5],
  ['4', 7],
  ['5', 8],
  ['6', 8],
])

const mostConcepts = 1_000

/** One detailed item as a story. */
export function anpStory(item: JsonObject, isMended: boolean, timezone: string | undefined): Outcome<ParsedItem> {
  const reading = startReading(item, { isMended, timezone })
  const { story } = reading
  const id = textOf(item.id)
  const itemId = textOf(item.itemId)
  put(story, 'id', id ?? itemId)
  if (id !== undefined && itemId !== undefined) story.altIds = [{ role: 'itemId', value: itemId }]
  put(story, 'version', textOf(item.version))
  putInstant(reading, 'firstCreated', 'firstIssueDate')
  putInstant(reading, 'versionCreated', 'pubDate')
  if (textOf(item.kind)?.toUpperCase() === 'TEXTARTICLE') story.type = 'text'
  putUrgency(reading, item.urgency, urgencies)
  // Not seen so far; held if it comes, since a story late is better than one early.
  putEmbargo(reading, first(item, 'embargoed', 'embargo', 'embargoDate'), false)
  putHeadline(reading)
  put(story, 'by', authorsOf(item.authors))
  const { body, notes } = anpBody(textOf(item.bodyText) ?? '')
  put(story, 'bodyHtml', body.html === '' ? undefined : body.html)
  put(story, 'bodyText', body.text === '' ? undefined : body.text)
  put(story, 'edNotes', [...listOf(item.editorialNote).flatMap((note) => plainText(note) ?? []), ...notes])
  putConcepts(reading)
  put(story, 'copyrightNotice', textOf(item.copyrightNotice))
  return finishReading(reading, known, sourceOf(item, ofTransmission))
}

/** The desk writes the number of the version behind the headline: "Post staakt (2)". Where there is no other number it counts as one. */
function putHeadline({ item, story, flags }: JsonReading): void {
  const title = plainLine(item.title)
  if (title === undefined) return
  const numbered = /^(.{1,500}\S) \((\d{1,2})\)$/.exec(title)
  const isVersion = numbered !== null && (story.version === undefined || story.version === numbered[2])
  if (isVersion && story.version === undefined) {
    put(story, 'version', numbered[2])
    flags.add('version-from-headline')
  }
  story.headlines = [{ value: isVersion ? (numbered[1] ?? title) : title }]
}

function authorsOf(authors: unknown): string | undefined {
  const names = listOf(authors).flatMap((author) => textOf(isObject(author) ? author.name : author) ?? [])
  return names.length === 0 ? undefined : names.join(', ')
}

function putConcepts({ item, story }: JsonReading): void {
  const categories = [...listOf(item.category), ...listOf(item.categories)].flatMap(
    (category) => categoryOf(category) ?? [],
  )
  const byKey = new Map(categories.map((category) => [category.literal ?? category.name, category]))
  const entities = listOf(item.entities).filter(isObject).slice(0, mostConcepts)
  const ofKind = (kind: string, rel?: string): Concept[] =>
    entities
      .filter((entity) => textOf(entity.kind)?.toLowerCase() === kind)
      .flatMap((entity) => conceptOf(entity.value, entity.id, rel) ?? [])
  const service = conceptOf(item.sourceTitle, undefined, 'service')
  put(story, 'section', categories.find(({ name }) => name !== undefined)?.name)
  put(story, 'subjects', [
    ...byKey.values(),
    ...(service === null ? [] : [service]),
    ...ofKind('organisationtype', 'organisationtype'),
    ...ofKind('sector', 'sector'),
    ...instrumentsIn(item.financialCodes),
  ])
  put(story, 'people', ofKind('person'))
  put(story, 'organisations', ofKind('organisation'))
  put(story, 'places', ofKind('location'))
  put(story, 'keywords', keywordList(item.keywords))
}

/** Shares of the companies in the story, one concept for each of their codes. */
const instrumentsIn = (codes: unknown): Concept[] =>
  listOf(codes)
    .filter(isObject)
    .slice(0, mostConcepts)
    .flatMap((code) =>
      (['isin', 'ticker'] as const).flatMap((kind) => {
        const value = textOf(code[kind])
        return value === undefined ? [] : (conceptOf(code.entity, `${kind}:${value}`, 'instrument') ?? [])
      }),
    )
