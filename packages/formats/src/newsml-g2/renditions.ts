import type { Rendition } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { attribute, child, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { codeIn } from './concepts.ts'

/** A file elsewhere (remoteContent, icon); null when it names none. */
export function renditionOf(element: XmlElement, fallbackName: string): Rendition | null {
  const href = attribute(element, 'href') ?? attribute(element, 'residref')
  if (href === undefined) return null
  const name = codeIn(attribute(element, 'rendition') ?? attribute(element, 'renditionuri')) ?? fallbackName
  const rendition: Draft<Rendition> & { name: string } = { name, href }
  put(rendition, 'contentType', attribute(element, 'contenttype'))
  put(rendition, 'title', lineOf(child(element, 'title')))
  put(rendition, 'width', wholeNumber(attribute(element, 'width')))
  put(rendition, 'height', wholeNumber(attribute(element, 'height')))
  put(rendition, 'sizeInBytes', wholeNumber(attribute(element, 'size')))
  return rendition
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
