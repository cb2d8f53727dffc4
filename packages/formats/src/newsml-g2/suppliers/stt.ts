import type { Concept } from '@dateline/story'
import { attribute, child, children, elements, lineOf, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'
import { distinct, subjectCode } from './subject-lists.ts'

/**
 * STT numbers subjects as IPTC does (`sttsubj:11000000`), names the desk in a subject, says in assertions what its places are called, and
 * ends a credit line with the dash before the credit that is not there: "STT–" (seen 2017 to 2022).
 */
export function stt(item: XmlElement, { story }: Reading): void {
  if (!story.id?.startsWith('urn:newsml:stt.fi:')) return
  const subjects = (story.subjects ?? []).filter((subject) => {
    const isDesk = story.section === undefined && subject.literal?.startsWith('sttdepartment:') === true
    if (isDesk && subject.name !== undefined) story.section = subject.name
    return !isDesk || subject.name === undefined
  })
  if (story.subjects !== undefined)
    story.subjects = distinct(subjects.map((subject) => subjectCode(subject, 'sttsubj:')))
  if (story.subjects?.length === 0) delete story.subjects
  if (story.places !== undefined) {
    const names = placeNamesIn(item)
    story.places = story.places.map((place) => named(place, names))
  }
  if (story.infoSources !== undefined) story.infoSources = distinct(story.infoSources.flatMap(creditsIn))
}

/** By number: `sttlocmeta:rich:20016` asserts what `sttlocationalias:20016` is. */
function placeNamesIn(item: XmlElement): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const assertion of children(item, 'assert')) {
    const number = /^sttlocmeta:\w+:(\d+)$/.exec(attribute(assertion, 'qcode') ?? '')?.[1]
    const name = lineOf(child(assertion, 'name')) ?? firstBroader(assertion)
    if (number !== undefined && name !== undefined && !names.has(number)) names.set(number, name)
  }
  return names
}

/** A place without a name of its own is the narrowest that it lies in. */
const firstBroader = (assertion: XmlElement): string | undefined =>
  lineOf(elements(assertion).flatMap((element) => (element.name === 'broader' ? children(element, 'name') : []))[0])

function named(place: Concept, names: ReadonlyMap<string, string>): Concept {
  const name = names.get(/^sttlocationalias:(\d+)$/.exec(place.literal ?? '')?.[1] ?? '')
  return name === undefined || place.name !== undefined ? place : { ...place, name }
}

function creditsIn(source: Concept): Concept[] {
  if (!source.name?.includes('–')) return [source]
  return source.name.split('–').flatMap((part) => (part.trim() === '' ? [] : [{ ...source, name: part.trim() }]))
}
