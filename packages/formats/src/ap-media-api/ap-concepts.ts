import { type Concept, isUri } from '@dateline/story'
import { conceptOf } from '../json/concept-values.ts'
import { type Draft, isObject, type JsonObject, listOf, put, textOf, textsOf } from '../json/json-values.ts'
import type { JsonReading } from '../json/reading.ts'

const mostConcepts = 1_000

/** Subjects, people, organisations, places, events and credits, with AP's relation: direct, ancestor, inferred, category. */
export function putApConcepts({ item, story }: JsonReading): void {
  const fixture = isObject(item.fixture) ? conceptOf(item.fixture.name, item.fixture.code, 'fixture') : null
  put(story, 'subjects', [...conceptsIn(item.subject), ...(fixture === null ? [] : [fixture])])
  put(story, 'people', conceptsIn(item.person))
  put(story, 'organisations', conceptsIn(item.organisation))
  put(story, 'places', [...datelinePlaces(item.datelinelocation), ...conceptsIn(item.place)])
  put(story, 'events', conceptsIn(item.event))
  const credits = [...listOf(item.provider), ...listOf(item.infosource)].flatMap(
    (credit) => conceptOf(isObject(credit) ? credit.name : credit, isObject(credit) ? credit.code : undefined) ?? [],
  )
  const byName = new Map(credits.map((credit) => [credit.name ?? credit.literal, credit]))
  put(story, 'infoSources', [...byName.values()])
}

const conceptsIn = (value: unknown): Concept[] =>
  listOf(value)
    .slice(0, mostConcepts)
    .flatMap((entry) => (isObject(entry) ? (read(entry) ?? []) : []))

/** `scheme` is the URI of a vocabulary that ends where `code` follows: "http://cv.ap.org/id/". */
function read(entry: JsonObject): Concept | null {
  const concept: Draft<Concept> = {}
  const code = textOf(entry.code)
  const scheme = textOf(entry.scheme)
  put(concept, 'name', textOf(entry.name))
  const uri = code === undefined || scheme === undefined ? undefined : scheme + code
  if (uri !== undefined && /^https?:/.test(uri) && isUri(uri)) concept.uri = uri
  else put(concept, 'literal', code)
  if (concept.name === undefined && concept.uri === undefined && concept.literal === undefined) return null
  put(concept, 'rel', textsOf(entry.rels)[0])
  return concept
}

function datelinePlaces(location: unknown): Concept[] {
  if (!isObject(location)) return []
  return [
    conceptOf(location.city, undefined, 'dateline') ?? [],
    conceptOf(location.countryareaname, location.countryareacode, 'dateline') ?? [],
    conceptOf(location.countryname, location.countrycode, 'dateline') ?? [],
  ].flat()
}
