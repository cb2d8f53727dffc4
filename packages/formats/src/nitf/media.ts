import type { Association, NewsObjectType, Rendition } from '@dateline/story'
import { printedLine } from '../body/printed-line.ts'
import { type Draft, put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, elements, type XmlElement } from '../xml/xml-tree.ts'
import type { Reading } from './reading.ts'

const types: ReadonlyMap<string, NewsObjectType> = new Map([
  ['image', 'picture'],
  ['photo', 'picture'],
  ['picture', 'picture'],
  ['graphic', 'graphic'],
  ['illustration', 'graphic'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['text', 'text'],
])
/** Metadata by which a picture desk knows the object, whatever its file is called. */
const idNames = new Set(['id', 'media-id', 'identifier', 'guid'])
const mostMedia = 200

/** media, and ANSA's img: each an association with its files as renditions. */
export function putMedia(media: readonly XmlElement[], reading: Reading): void {
  const associations = media.slice(0, mostMedia).flatMap((element, at) => {
    const association = associationOf(element, `media-${at + 1}`, reading)
    if (association === null) leavePath(reading, `body.content/${element.name}`)
    return association ?? []
  })
  put(reading.story, 'associations', associations)
  if (media.length > mostMedia) leavePath(reading, 'body.content/media')
}

/** null where nothing identifies it. */
function associationOf(element: XmlElement, name: string, reading: Reading): Association | null {
  const parts = elements(element)
  const references = element.name === 'img' ? [element] : parts.filter((part) => part.name === 'media-reference')
  const uri = idIn(parts) ?? references.map(sourceOf).find((source) => source !== undefined)
  if (uri === undefined) return null
  const association: Draft<Association> & { name: string; uri: string } = { name, uri }
  const [first] = references
  put(association, 'type', types.get(attribute(element, 'media-type')?.toLowerCase() ?? 'image'))
  put(association, 'caption', textIn(parts, 'media-caption'))
  put(association, 'by', textIn(parts, 'media-producer') ?? (first && attribute(first, 'source-credit')))
  put(association, 'renditions', references.flatMap(renditionOf))
  if (parts.some((part) => part.name === 'media-object')) leavePath(reading, 'media/media-object')
  return association
}

const sourceOf = (reference: XmlElement): string | undefined =>
  attribute(reference, 'source') ?? attribute(reference, 'src')

function idIn(parts: readonly XmlElement[]): string | undefined {
  const found = parts.find(
    (part) => part.name === 'media-metadata' && idNames.has(attribute(part, 'name')?.toLowerCase() ?? ''),
  )
  return found === undefined ? undefined : attribute(found, 'value')
}

function textIn(parts: readonly XmlElement[], name: string): string | undefined {
  const lines = parts.filter((part) => part.name === name).flatMap((part) => printedLine(part) ?? [])
  return lines.length === 0 ? undefined : lines.join(' ')
}

function renditionOf(reference: XmlElement, at: number): Rendition | [] {
  const href = sourceOf(reference)
  if (href === undefined) return []
  const rendition: Draft<Rendition> & { name: string } = {
    name: attribute(reference, 'name') ?? (at === 0 ? 'main' : `main-${at + 1}`),
    href,
  }
  put(rendition, 'contentType', attribute(reference, 'mime-type'))
  put(rendition, 'title', attribute(reference, 'alternate-text') ?? attribute(reference, 'alt'))
  put(rendition, 'width', pixels(reference, 'width'))
  put(rendition, 'height', pixels(reference, 'height'))
  return rendition
}

function pixels(reference: XmlElement, name: string): number | undefined {
  const unit = attribute(reference, 'units') ?? 'pixels'
  const sent = attribute(reference, name)
  return unit === 'pixels' && sent !== undefined && /^\d{1,9}$/.test(sent) ? Number(sent) : undefined
}
