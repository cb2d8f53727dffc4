import type { Association, Rendition } from '@dateline/story'
import { type Draft, first, isObject, type JsonObject, put, textOf } from '../json/json-values.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import type { JsonReading } from '../json/reading.ts'
import { withoutQuery } from '../json/source-of.ts'
import { newsObjectType, renditionsIn } from '../ninjs/media.ts'

const mostAssociations = 200

/** Files of the item, and the items that belong to it. */
export function putApMedia({ item, story }: JsonReading): void {
  put(story, 'renditions', filesIn(item.renditions))
  const associations = isObject(item.associations) ? Object.entries(item.associations) : []
  put(
    story,
    'associations',
    associations
      .slice(0, mostAssociations)
      .flatMap(([name, entry]) => (isObject(entry) ? (read(name, entry) ?? []) : [])),
  )
}

/** Renditions whose content is elsewhere; a text sent within the item is the body. */
const filesIn = (value: unknown): Rendition[] => renditionsIn(value).filter(({ href }) => href !== undefined)

function read(name: string, entry: JsonObject): Association | null {
  const altids = isObject(entry.altids) ? entry.altids : {}
  const link = textOf(entry.uri)
  const uri = textOf(altids.itemid) ?? (link === undefined ? undefined : withoutQuery(link))
  if (uri === undefined) return null
  const association: Draft<Association> & { name: string; uri: string } = { name, uri }
  put(association, 'type', newsObjectType(entry.type))
  put(association, 'headline', plainLine(first(entry, 'headline', 'title')))
  put(association, 'caption', plainText(first(entry, 'description_caption', 'description_summary')))
  put(association, 'renditions', filesIn(entry.renditions))
  return association
}
