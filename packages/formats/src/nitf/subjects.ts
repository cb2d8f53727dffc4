import { isUri } from '@dateline/story'
import { addConcept } from '../add-concept.ts'
import { printedLine } from '../body/printed-line.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, elements, type XmlElement } from '../xml/xml-tree.ts'
import type { Reading } from './reading.ts'

const newsCodes = 'http://cv.iptc.org/newscodes/'
const iptcCode = /^(?:IPTC:)?(\d{8})(?::.*)?$/i

/** IPTC's URI of an eight-digit code. The media topics, which followed the subject codes, begin with 20: NTB sends those in the same place. */
export const subjectUri = (code: string): string =>
  `${newsCodes}${code.startsWith('20') ? 'mediatopic' : 'subjectcode'}/${code}`

/** tobject: what kind of text it is and what it is about. */
export function putObject(object: XmlElement, reading: Reading): void {
  const type = attribute(object, 'tobject.type')
  if (type !== undefined && type.toLowerCase() !== 'news') reading.facts.objectType ??= type
  for (const element of elements(object)) {
    if (element.name === 'tobject.subject') putSubject(element, reading)
    else if (element.name === 'tobject.property')
      addConcept(reading, 'genres', { name: attribute(element, 'tobject.property.type') })
    else leavePath(reading, `tobject/${element.name}`)
  }
}

/** The name of the narrowest of its three levels, which is the one that the number means. */
function putSubject(element: XmlElement, reading: Reading): void {
  const name =
    attribute(element, 'tobject.subject.detail') ??
    attribute(element, 'tobject.subject.matter') ??
    attribute(element, 'tobject.subject.type')
  const owner = attribute(element, 'tobject.subject.ipr')
  const number = attribute(element, 'tobject.subject.refnum')
  const code = number === undefined ? undefined : iptcCode.exec(number)?.[1]
  if (code !== undefined && (owner === undefined || owner.toUpperCase() === 'IPTC')) {
    addConcept(reading, 'subjects', { name, uri: subjectUri(code) })
    return
  }
  const own = number ?? attribute(element, 'tobject.subject.code')
  const literal = own === undefined || owner === undefined ? own : `${owner}:${own}`
  addConcept(reading, 'subjects', { name, literal })
}

const lists: ReadonlyMap<string, 'people' | 'organisations' | 'places' | 'events' | 'objects' | 'subjects'> = new Map([
  ['person', 'people'],
  ['org', 'organisations'],
  ['location', 'places'],
  ['event', 'events'],
  ['object.title', 'objects'],
  ['virtloc', 'objects'],
  ['classifier', 'subjects'],
])

/** identified-content: who and what the document as a whole is about. Names marked in the text are mentions, and stay there. */
export function putIdentified(content: XmlElement, reading: Reading): void {
  for (const element of elements(content)) {
    const list = lists.get(element.name)
    if (list === undefined) leavePath(reading, `identified-content/${element.name}`)
    else addConcept(reading, list, identified(element))
  }
}

const isBeside = ({ name }: XmlElement): boolean => name === 'function' || name === 'alt-code'

function identified(element: XmlElement): Parameters<typeof addConcept>[2] {
  const name = printedLine(element, isBeside)
  const type = attribute(element, 'type')
  const rel = element.name === 'virtloc' ? 'virtloc' : undefined
  const value = attribute(element, 'value') ?? attribute(element, 'location-code')
  const source = attribute(element, 'idsrc') ?? attribute(element, 'code-source')
  if (value === undefined) return { name, rel: rel ?? type }
  if (isUri(value) && /^[a-z]+:\/\/|^urn:|^tag:/i.test(value)) return { name, uri: value, rel: rel ?? type }
  const code = iptcCode.exec(value)?.[1]
  if (code !== undefined && /iptc/i.test(source ?? type ?? '')) return { name, uri: subjectUri(code) }
  const owner = source ?? type
  return {
    name,
    literal: owner === undefined ? value : `${owner}:${value}`,
    rel: source === undefined ? rel : (rel ?? type),
  }
}
