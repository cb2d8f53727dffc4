import type { Association, Rendition } from '@dateline/story'
import { type Draft, first, isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import type { JsonReading } from '../json/reading.ts'
import { wholeNumber } from '../json/whole-number.ts'
import { newsObjectType } from '../ninjs/media.ts'

const mostEntries = 200

/** Files of the item, and the items that belong to it. */
export function putReutersMedia({ item, story }: JsonReading): void {
  put(story, 'renditions', renditionsIn(item.renditions))
  put(story, 'associations', listOf(item.associations).filter(isObject).slice(0, mostEntries).flatMap(associationOf))
}

const renditionsIn = (value: unknown): Rendition[] =>
  listOf(value)
    .filter(isObject)
    .slice(0, mostEntries)
    .map((entry, at) => {
      const rendition: Draft<Rendition> & { name: string } = {
        name: textOf(first(entry, 'code', 'name', 'type')) ?? String(at),
      }
      put(rendition, 'href', textOf(first(entry, 'uri', 'href', 'url')))
      put(rendition, 'contentType', textOf(first(entry, 'mimeType', 'contentType')))
      put(rendition, 'width', wholeNumber(entry.width))
      put(rendition, 'height', wholeNumber(entry.height))
      put(rendition, 'sizeInBytes', wholeNumber(first(entry, 'size', 'sizeInBytes')))
      return rendition
    })

function associationOf(entry: JsonObject, at: number): Association[] {
  const renditions = renditionsIn(entry.renditions)
  const uri = textOf(first(entry, 'uri', 'versionedGuid', 'guid', 'usn')) ?? renditions[0]?.href
  if (uri === undefined) return []
  const name = textOf(first(entry, 'name', 'rel')) ?? String(at + 1)
  const association: Draft<Association> & { name: string; uri: string } = { name, uri }
  const type = textOf(entry.type)
  put(association, 'type', newsObjectType(type?.slice(type.lastIndexOf(':') + 1)))
  put(association, 'headline', plainLine(entry.headLine))
  put(association, 'caption', plainText(first(entry, 'caption', 'fragment')))
  put(association, 'by', plainLine(entry.byLine))
  put(association, 'renditions', renditions)
  return [association]
}
