import type { Concept } from '@dateline/story'
import { conceptOf } from '../json/concept-values.ts'
import { isObject, type JsonObject, listOf, put, textOf, textsOf } from '../json/json-values.ts'
import type { JsonReading } from '../json/reading.ts'
import { keywordList } from '../keyword-list.ts'

const mostCategories = 2_000

/** Said elsewhere in the entry, or names of those who made it. */
const idle = new Set(['pubstatus', 'urgency', 'signal', 'provider', 'creator', 'contributor'])

/** Lists of names beside `categories`, which older deliveries have alone. */
const namesOnly: readonly (readonly [type: string, key: string])[] = [
  ['dpasubject', 'dpasubject_names'],
  ['geosubject', 'geosubject_names'],
  ['keyword', 'keyword_names'],
  ['desk', 'desk_names'],
  ['genre', 'genre_names'],
  ['poi', 'poi_names'],
  ['scope', 'scope_names'],
  ['rubric', 'rubric_names'],
]

/** Categories by type: subjects, places, keywords, desk, genre, people and credits; any other type is a subject of that relation. */
export function putDpaCategories({ item, story }: JsonReading): void {
  const byType = categoriesByType(item)
  const take = (type: string, rel?: string): Concept[] => {
    const entries = byType.get(type) ?? []
    byType.delete(type)
    return entries.flatMap((entry) => conceptOf(entry.name, entry.qcode, rel) ?? [])
  }
  for (const type of idle) byType.delete(type)
  const desks = take('desk', 'desk')
  const keywords = take('keyword').flatMap(({ name }) => name ?? [])
  put(story, 'section', desks.find(isNamed)?.name)
  put(story, 'keywords', keywordList(keywords))
  put(story, 'places', [...take('geosubject'), ...take('poi', 'poi'), ...take('locationcreated', 'locationcreated')])
  put(story, 'genres', take('genre'))
  put(story, 'people', take('person'))
  put(story, 'organisations', [...take('organisation'), ...take('organization')])
  const credit = conceptOf(item.creditline, undefined)
  const sources = take('infosource')
  put(story, 'infoSources', credit === null ? sources : [credit, ...sources.filter(({ name }) => name !== credit.name)])
  const subjects = take('dpasubject')
  put(story, 'subjects', [...subjects, ...desks, ...[...byType.keys()].flatMap((type) => take(type, type))])
}

/** "Vermischtes", and not the code "vm" once more. */
const isNamed = ({ name, literal }: Concept): boolean =>
  name !== undefined && name !== literal?.slice(literal.indexOf(':') + 1) && name.length > 2

function categoriesByType(item: JsonObject): Map<string, JsonObject[]> {
  const byType = new Map<string, JsonObject[]>()
  for (const category of listOf(item.categories).filter(isObject).slice(0, mostCategories)) {
    const type = textOf(category.type)?.replace(/^dnltype:/, '') ?? 'category'
    const list = byType.get(type)
    if (list === undefined) byType.set(type, [category])
    else list.push(category)
  }
  for (const [type, key] of namesOnly) {
    if (byType.has(type)) continue
    const names = textsOf(item[key])
    if (names.length > 0)
      byType.set(
        type,
        names.slice(0, mostCategories).map((name) => ({ name })),
      )
  }
  return byType
}
