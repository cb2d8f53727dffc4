import type { Association, NewsObjectType, Rendition } from '@dateline/story'
import { type Draft, first, isObject, type JsonObject, put, textOf } from '../json/json-values.ts'
import { wholeNumber } from '../json/whole-number.ts'

const mostAssociations = 200
const types: ReadonlySet<string> = new Set(['text', 'audio', 'video', 'picture', 'graphic', 'composite'])

/** ninjs `type`; undefined for what is no such thing. */
export const newsObjectType = (value: unknown): NewsObjectType | undefined => {
  const type = textOf(value)?.toLowerCase()
  return type !== undefined && types.has(type) ? (type as NewsObjectType) : undefined
}

/** 1.x and Superdesk: an object by name; 2.x and 3.x: a list with names. */
export function renditionsIn(value: unknown): Rendition[] {
  return entriesOf(value).map(([name, entry]) => {
    const rendition: Draft<Rendition> & { name: string } = { name: textOf(entry.name) ?? name }
    put(rendition, 'href', textOf(entry.href))
    put(rendition, 'contentType', textOf(first(entry, 'contentType', 'contenttype', 'mimetype')))
    put(rendition, 'title', textOf(entry.title))
    put(rendition, 'width', wholeNumber(entry.width))
    put(rendition, 'height', wholeNumber(entry.height))
    put(rendition, 'sizeInBytes', wholeNumber(first(entry, 'sizeInBytes', 'sizeinbytes')))
    return rendition
  })
}

/** As `renditionsIn`. Superdesk leaves null where an association was removed. One that nothing identifies is left out. */
export function associationsIn(value: unknown): Association[] {
  return entriesOf(value)
    .slice(0, mostAssociations)
    .flatMap(([name, entry]) => {
      const renditions = renditionsIn(entry.renditions)
      const uri = textOf(first(entry, 'uri', 'guid')) ?? renditions.find(({ href }) => href !== undefined)?.href
      if (uri === undefined) return []
      const association: Draft<Association> & { name: string; uri: string } = {
        name: textOf(first(entry, 'name', 'id')) ?? name,
        uri,
      }
      put(association, 'type', newsObjectType(entry.type))
      put(association, 'headline', textOf(entry.headline) ?? valueIn(entry.headlines))
      put(association, 'caption', captionOf(entry))
      put(association, 'by', textOf(first(entry, 'by', 'byline')))
      put(association, 'renditions', renditions)
      return [association]
    })
}

const captionOf = (entry: JsonObject): string | undefined =>
  textOf(first(entry, 'description_text', 'description_caption')) ?? valueIn(entry.descriptions)

const valueIn = (texts: unknown): string | undefined => {
  const list = Array.isArray(texts) ? texts.filter(isObject) : []
  return textOf((list.find(({ role }) => role === 'main' || role === 'caption') ?? list[0])?.value)
}

function entriesOf(value: unknown): [name: string, entry: JsonObject][] {
  if (Array.isArray(value)) return value.filter(isObject).map((entry, at) => [String(at), entry])
  if (!isObject(value)) return []
  return Object.entries(value).filter((pair): pair is [string, JsonObject] => isObject(pair[1]))
}
