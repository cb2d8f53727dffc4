import type { Concept, Roled, Story } from '@dateline/story'
import { printedLine } from '../body/printed-line.ts'
import { type Draft, put } from '../json/json-values.ts'
import { keywordList } from '../keyword-list.ts'
import { attribute, child, children, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { codeIn, conceptOf, nameOf, roleOf } from './concepts.ts'
import { append, leave, putInstant, type Reading } from './reading.ts'
import { renditionOf } from './renditions.ts'

type ConceptKey = 'subjects' | 'people' | 'organisations' | 'places' | 'objects' | 'events'

/** IPTC's natures of concepts, and what ninjs calls their lists. */
const listOfType: ReadonlyMap<string, ConceptKey> = new Map([
  ['person', 'people'],
  ['organisation', 'organisations'],
  ['organization', 'organisations'],
  ['geoarea', 'places'],
  ['poi', 'places'],
  // AP and ANSA say what kind of area: `cptype:city`.
  ['city', 'places'],
  ['statprov', 'places'],
  ['country', 'places'],
  ['region', 'places'],
  ['object', 'objects'],
  ['event', 'events'],
])

interface Lists {
  readonly headlines: Roled[]
  readonly descriptions: Roled[]
  readonly keywords: string[]
  readonly genres: Concept[]
  readonly infoSources: Concept[]
  readonly altIds: { role: string; value: string }[]
}

/** contentMeta: what the content is and is about. */
export function putContentMeta(meta: XmlElement, reading: Reading): void {
  const { story } = reading
  const lists: Lists = { headlines: [], descriptions: [], keywords: [], genres: [], infoSources: [], altIds: [] }
  for (const element of elements(meta)) {
    if (element.namespace !== meta.namespace) leave(reading, 'contentMeta', element)
    else if (!putText(element, reading, lists) && !putConcept(element, reading, lists))
      leave(reading, 'contentMeta', element)
  }
  put(story, 'headlines', lists.headlines)
  put(story, 'descriptions', lists.descriptions)
  put(story, 'keywords', lists.keywords.length === 0 ? undefined : keywordList(lists.keywords))
  put(story, 'genres', lists.genres)
  put(story, 'infoSources', lists.infoSources)
  put(story, 'altIds', lists.altIds)
}

function putText(element: XmlElement, reading: Reading, lists: Lists): boolean {
  const { story } = reading
  switch (element.name) {
    case 'headline':
      addRoled(lists.headlines, element)
      return true
    case 'description':
      addRoled(lists.descriptions, element)
      return true
    case 'slugline':
    case 'by':
    case 'dateline':
      putOnce(element, element.name, reading)
      return true
    case 'urgency':
      putUrgency(element, story)
      return true
    case 'keyword': {
      const word = lineOf(element)
      if (word !== undefined) lists.keywords.push(word)
      return true
    }
    case 'contentCreated':
      putInstant(reading, element.name, element)
      return true
    case 'creditline': {
      const name = printedLine(element)
      if (name !== undefined) lists.infoSources.push({ name })
      return true
    }
    case 'altId':
      addAltId(lists.altIds, element)
      return true
    case 'language':
    case 'contentModified':
      return true
    default:
      return false
  }
}

function putConcept(element: XmlElement, reading: Reading, lists: Lists): boolean {
  switch (element.name) {
    case 'subject':
      putSubject(element, reading)
      return true
    case 'genre': {
      const genre = conceptOf(element, reading)
      if (genre !== null) lists.genres.push(genre)
      return true
    }
    case 'infoSource': {
      const source = conceptOf(element, reading)
      const role = roleOf(element)
      if (source !== null) lists.infoSources.push(role === undefined ? source : { ...source, role })
      return true
    }
    case 'located':
      putLocated(element, reading)
      return true
    case 'icon': {
      const rendition = renditionOf(element, 'icon')
      if (rendition !== null) append(reading, 'renditions', rendition)
      return true
    }
    default:
      return false
  }
}

/** The first stands: another is one in another language, or of another service. */
function putOnce(element: XmlElement, key: 'slugline' | 'by' | 'dateline', reading: Reading): void {
  const { story } = reading
  const line = printedLine(element)
  if (story[key] === undefined) put(story, key, line)
  else if (line !== undefined && line !== story[key]) leave(reading, 'contentMeta', element)
}

function addRoled(list: Roled[], element: XmlElement): void {
  const value = printedLine(element)
  const role = roleOf(element)
  if (value !== undefined) list.push(role === undefined ? { value } : { role, value })
}

function addAltId(altIds: { role: string; value: string }[], element: XmlElement): void {
  const value = lineOf(element) ?? attribute(element, 'id')
  if (value !== undefined) altIds.push({ role: codeIn(attribute(element, 'type')) ?? roleOf(element) ?? 'id', value })
}

/** It arrives as any text; beyond IPTC's scale only the supplier's own word is kept. */
function putUrgency(element: XmlElement, story: Draft<Story>): void {
  const sent = lineOf(element)
  put(story, 'supplierUrgency', sent)
  if (sent !== undefined && /^[1-9]$/.test(sent)) story.urgency = Number(sent)
}

function putSubject(element: XmlElement, reading: Reading): void {
  const type = codeIn(attribute(element, 'type') ?? attribute(element, 'typeuri'))?.toLowerCase() ?? ''
  const key = listOfType.get(type) ?? 'subjects'
  for (const concept of subjectsIn(element, reading)) append(reading, key, concept)
}

/** Since 2.30 a subject may be one main concept with facets: alpine skiing, women. */
function subjectsIn(element: XmlElement, reading: Reading): Concept[] {
  const main = child(element, 'mainConcept')
  const concept = conceptOf(main ?? element, reading)
  if (concept === null) return []
  if (main === undefined) return [concept]
  const facets = elements(element).flatMap((facet) => {
    const value = facet.name === 'facetConcept' ? conceptOf(facet, reading) : null
    return value === null ? [] : [{ ...value, rel: codeIn(attribute(facet, 'rel')) ?? 'facet' }]
  })
  return [concept, ...facets]
}

/** The first place as it is called; others, bare codes, and what a place lies in are places among others. */
function putLocated(element: XmlElement, reading: Reading): void {
  const { story } = reading
  for (const broader of children(element, 'broader')) {
    const wider = conceptOf(broader, reading)
    if (wider !== null) append(reading, 'places', { ...wider, rel: 'located' })
  }
  const name = nameOf(element, reading) ?? attribute(element, 'literal')
  if (name !== undefined && story.located === undefined) {
    story.located = name
    return
  }
  const place = conceptOf(element, reading)
  if (place !== null && (name === undefined || name !== story.located))
    append(reading, 'places', { ...place, rel: 'located' })
}
