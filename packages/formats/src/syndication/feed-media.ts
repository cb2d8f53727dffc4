import type { Association, NewsObjectType, Rendition } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { attribute, children, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { feedLine } from './feed-text.ts'

const mostObjects = 100
const mostRenditions = 50
/** Further ones are not looked at. */
const mostFiles = 1_000

/** A file that an entry refers to. `size` in bytes. */
export interface MediaFile {
  readonly href: string | undefined
  readonly contentType?: string | undefined
  readonly medium?: string | undefined
  readonly size?: string | undefined
  readonly width?: string | undefined
  readonly height?: string | undefined
  readonly title?: string | undefined
}

/** Pictures, sound and films of one entry, in the order in which they are named, each once. */
export interface FeedMedia {
  /** An enclosure or attachment. False where its address leads nowhere. */
  addFile(file: MediaFile): boolean
  /** An element of Media RSS. False where there is no place for what it says. */
  addMediaRss(element: XmlElement): boolean
  associations(): Association[]
}

interface MediaObject {
  readonly renditions: Rendition[]
  type: NewsObjectType | undefined
  headline: string | undefined
  caption: string | undefined
  by: string | undefined
}

/** `resolve` makes an address absolute; undefined for one that is none. */
export function feedMedia(resolve: (href: string | undefined) => string | undefined): FeedMedia {
  const objects: MediaObject[] = []
  const byHref = new Map<string, MediaObject>()
  let filesSeen = 0
  /** What the entry says of all its media, by Media RSS's rule that the nearest word wins. */
  const shared: MediaObject = {
    renditions: [],
    type: undefined,
    headline: undefined,
    caption: undefined,
    by: undefined,
  }

  function renditionOf(file: MediaFile, name: string): Rendition | null {
    const href = ++filesSeen > mostFiles ? undefined : resolve(file.href)
    if (href === undefined) return null
    const rendition: Draft<Rendition> & { name: string } = { name, href }
    put(rendition, 'contentType', file.contentType)
    put(rendition, 'title', file.title)
    put(rendition, 'width', wholeNumber(file.width))
    put(rendition, 'height', wholeNumber(file.height))
    const size = wholeNumber(file.size)
    // Seen where the length is not known, though RSS requires it.
    if (size !== undefined && size > 0) rendition.sizeInBytes = size
    return rendition
  }

  function addObject(files: readonly MediaFile[]): MediaObject | null {
    const renditions: Rendition[] = []
    for (const file of files.slice(0, mostRenditions)) {
      const name = renditions.length === 0 ? 'main' : `rendition-${renditions.length + 1}`
      const rendition = renditionOf(file, name)
      if (rendition !== null) renditions.push(rendition)
    }
    const [first] = renditions
    if (first === undefined) return null
    const known = byHref.get(first.href ?? '')
    if (known !== undefined) {
      const at = known.renditions.findIndex(({ href }) => href === first.href)
      const before = known.renditions[at]
      if (before !== undefined) known.renditions[at] = { ...first, ...before }
      return known
    }
    if (objects.length >= mostObjects) return null
    const object: MediaObject = {
      renditions,
      type: typeOf(files[0]),
      headline: undefined,
      caption: undefined,
      by: undefined,
    }
    objects.push(object)
    for (const { href = '' } of renditions) if (!byHref.has(href)) byHref.set(href, object)
    return object
  }

  function addContents(contents: readonly XmlElement[], outer: XmlElement | null): boolean {
    const ordered = contents.toSorted((a, b) => Number(isDefault(b)) - Number(isDefault(a)))
    const object = addObject(ordered.map(fileOf))
    if (object === null) return false
    // The nearest word wins, so the inner one comes first.
    for (const holder of [...ordered, ...(outer === null ? [] : [outer])])
      for (const element of elements(holder)) describe(object, element)
    return true
  }

  function describe(object: MediaObject, element: XmlElement): boolean {
    const line = feedLine(lineOf(element) ?? '')
    switch (element.name) {
      case 'title':
        object.headline ??= line
        return true
      case 'description':
        object.caption ??= line
        return true
      case 'credit':
        object.by ??= line
        return true
      case 'thumbnail': {
        const rendition = renditionOf(fileOf(element), 'thumbnail')
        if (rendition === null || object.renditions.length >= mostRenditions) return false
        if (!object.renditions.some(({ href }) => href === rendition.href)) object.renditions.push(rendition)
        return true
      }
      default:
        return false
    }
  }

  return {
    addFile: (file) => addObject([file]) !== null,

    addMediaRss(element) {
      if (element.name === 'content') return addContents([element], null)
      if (element.name !== 'group') return describe(shared, element)
      return addContents(children(element, 'content'), element)
    },

    associations() {
      const all =
        objects.length === 0 && shared.renditions.length > 0 ? [{ ...shared, type: 'picture' as const }] : objects
      return all.map((object, at) => {
        const { renditions } = object
        const association: Draft<Association> & { name: string; uri: string } = {
          name: `media-${at + 1}`,
          uri: renditions[0]?.href ?? '',
        }
        put(association, 'type', object.type)
        put(association, 'headline', object.headline ?? shared.headline)
        put(association, 'caption', object.caption ?? shared.caption)
        put(association, 'by', object.by ?? shared.by)
        const thumbnails = at === 0 && objects.length > 0 ? shared.renditions : []
        put(association, 'renditions', [...renditions, ...thumbnails])
        return association
      })
    },
  }
}

const isDefault = (content: XmlElement): boolean => attribute(content, 'isDefault') === 'true'

const fileOf = (element: XmlElement): MediaFile => ({
  href: attribute(element, 'url'),
  contentType: attribute(element, 'type'),
  medium: attribute(element, 'medium'),
  size: attribute(element, 'fileSize'),
  width: attribute(element, 'width'),
  height: attribute(element, 'height'),
})

const types: ReadonlyMap<string, NewsObjectType> = new Map([
  ['image', 'picture'],
  ['audio', 'audio'],
  ['video', 'video'],
])

const typeOf = (file: MediaFile | undefined): NewsObjectType | undefined =>
  types.get(file?.medium ?? '') ?? types.get(file?.contentType?.split('/')[0]?.toLowerCase() ?? '')

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
