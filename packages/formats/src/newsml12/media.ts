import type { NewsObjectType, Rendition } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { attribute, child, children, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'

const types: readonly (readonly [RegExp, NewsObjectType])[] = [
  [/^(?:photo|picture|image)/, 'picture'],
  [/^(?:graphic|infograph|drawing|animation)/, 'graphic'],
  [/^(?:video|film)/, 'video'],
  [/^(?:audio|sound)/, 'audio'],
]
const formats: readonly (readonly [RegExp, NewsObjectType, string])[] = [
  [/^jpe?g\b/, 'picture', 'image/jpeg'],
  [/^png\b/, 'picture', 'image/png'],
  [/^gif\b/, 'picture', 'image/gif'],
  [/^mp3\b/, 'audio', 'audio/mpeg'],
  [/^(?:mp4|mpeg-?4)\b/, 'video', 'video/mp4'],
]

const lower = (element: XmlElement | undefined): string => formalName(element)?.toLowerCase() ?? ''
const typeNamed = (name: string): NewsObjectType | undefined => types.find(([pattern]) => pattern.test(name))?.[1]
const formatOf = (item: XmlElement) => formats.find(([pattern]) => pattern.test(lower(child(item, 'Format'))))

/** The kind of object a ContentItem is; undefined for a text and for what says nothing. */
export function mediaTypeOf(item: XmlElement): NewsObjectType | undefined {
  const mediaType = lower(child(item, 'MediaType'))
  if (mediaType !== '') return typeNamed(mediaType)
  return typeNamed(lower(child(item, 'MimeType'))) ?? formatOf(item)?.[1]
}

/** A role that says its component is a picture, with whatever text there is about it. */
export const isMediaRole = (role: string): boolean => typeNamed(role) !== undefined

/** Whether a ContentItem is a file rather than a text. */
export const isMedia = (item: XmlElement): boolean =>
  mediaTypeOf(item) !== undefined ||
  (attribute(item, 'Href') !== undefined &&
    child(item, 'DataContent') === undefined &&
    child(item, 'Encoding') === undefined)

/** The file that a ContentItem names; null when it names none. A file within the message is not taken out of it. */
export function renditionOf(item: XmlElement, name: string): Rendition | null {
  const href = attribute(item, 'Href')
  if (href === undefined) return null
  const characteristics = child(item, 'Characteristics')
  const measures = characteristics === undefined ? [] : children(characteristics, 'Property')
  const measure = (wanted: string): number | undefined =>
    wholeNumber(
      measures.flatMap((each) => (attribute(each, 'FormalName') === wanted ? [attribute(each, 'Value')] : []))[0],
    )
  const rendition: Draft<Rendition> & { name: string } = { name, href }
  put(rendition, 'contentType', formalName(child(item, 'MimeType')) ?? formatOf(item)?.[2])
  put(rendition, 'width', measure('Width'))
  put(rendition, 'height', measure('Height'))
  if (characteristics !== undefined)
    put(rendition, 'sizeInBytes', wholeNumber(lineOf(child(characteristics, 'SizeInBytes'))))
  return rendition
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
