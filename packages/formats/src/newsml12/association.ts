import { type Association, isUri, type Rendition } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { readContent } from './content.ts'
import { isMedia, mediaTypeOf, renditionOf } from './media.ts'
import type { Reading } from './reading.ts'
import { isMediaComponent, roleOf, type Survey } from './survey.ts'
import { textRole } from './text-part.ts'

const mostAssociations = 200
const mostParts = 100

/** The media of a component as associations: one, or one for each of the components in it that stand on their own. */
export function addAssociations(component: XmlElement, survey: Survey, reading: Reading): void {
  const { story } = reading
  for (const each of groupsIn(component, survey)) {
    const associations = story.associations ?? []
    if (associations.length >= mostAssociations) {
      leavePath(reading, 'NewsComponent/association')
      return
    }
    story.associations = [...associations, associationOf(each, associations.length + 1, reading)]
  }
}

/** Components that are one picture, sound or film each, in however many files. What has lines, a file or a caption of its own is one. */
export function groupsIn(component: XmlElement, survey: Survey): XmlElement[] {
  const parts = elements(component)
  const inner = parts.filter(({ name }) => name === 'NewsComponent')
  const isOne =
    parts.some(({ name }) => name === 'NewsLines' || name === 'ContentItem') ||
    inner.some((each) => !isMediaComponent(survey, each)) ||
    !inner.some((each) => elements(each).some(({ name }) => name === 'NewsComponent' || name === 'NewsLines'))
  return isOne ? [component] : inner.flatMap((each) => groupsIn(each, survey))
}

interface Found {
  readonly renditions: Rendition[]
  readonly captions: string[]
  type: Association['type']
  headline: string | undefined
  by: string | undefined
}

function associationOf(component: XmlElement, number: number, reading: Reading): Association {
  const found: Found = { renditions: [], captions: [], type: undefined, headline: undefined, by: undefined }
  gather(component, '', found)
  const duid = attribute(component, 'Duid')
  const href = found.renditions[0]?.href
  const ownId = reading.story.id ?? ''
  const isDuid = duid !== undefined && duid !== '0'
  const uri = href !== undefined && isUri(href) && !isDuid ? href : `${ownId}#${isDuid ? duid : (href ?? number)}`
  const association: Draft<Association> & { name: string; uri: string } = { name: `media-${number}`, uri }
  put(association, 'type', found.type)
  put(association, 'headline', found.headline)
  put(association, 'caption', found.captions.length === 0 ? undefined : found.captions.join(' '))
  put(association, 'by', found.by)
  put(association, 'renditions', found.renditions)
  return association
}

function gather(component: XmlElement, outerRole: string, found: Found): void {
  const role = roleOf(component) || outerRole
  for (const element of elements(component)) {
    if (element.name === 'NewsComponent') gather(element, role, found)
    else if (element.name === 'NewsLines') {
      found.headline ??= lineOf(child(element, 'HeadLine'))
      found.by ??= lineOf(child(element, 'ByLine')) ?? lineOf(child(element, 'CreditLine'))
    } else if (element.name === 'ContentItem') {
      if (isMedia(element)) addRendition(element, role, found)
      else addText(element, role, found)
    }
  }
}

function addRendition(item: XmlElement, role: string, found: Found): void {
  if (found.renditions.length >= mostParts) return
  found.type ??= mediaTypeOf(item)
  const rendition = renditionOf(item, renditionName(role, found.renditions))
  if (rendition !== null) found.renditions.push(rendition)
}

/** The component's role, with a number where it has several files. */
export function renditionName(role: string, before: readonly Rendition[]): string {
  const name = role === '' ? 'main' : role
  return before.some((rendition) => rendition.name === name) ? `${name}-${before.length + 1}` : name
}

function addText(item: XmlElement, role: string, found: Found): void {
  if (found.captions.length >= mostParts) return
  const text = readContent(item)?.body.text.replace(/\s+/g, ' ').trim()
  if (text === undefined || text === '') return
  if (textRole(role) === 'title') found.headline ??= text
  else if (!found.captions.includes(text)) found.captions.push(text)
}
