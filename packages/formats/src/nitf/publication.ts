import { put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, type XmlElement } from '../xml/xml-tree.ts'
import type { Reading } from './reading.ts'

const editions = ['name', 'issn', 'volume', 'issue', 'edition.name', 'edition.area']

/** Of one publication: its section is a section; its time, number and length belong to the transmission. */
export function putPubdata(element: XmlElement, reading: Reading): void {
  reading.transmission.push(element)
  const section = attribute(element, 'position.section')
  if (reading.story.section === undefined) put(reading.story, 'section', section)
  for (const name of editions) if (attribute(element, name) !== undefined) leavePath(reading, `pubdata/${name}`)
}

/** Why a version was made is a note; who made it has no place. */
export function putRevision(element: XmlElement, { edNotes, revisions, unmapped }: Reading): void {
  const comment = attribute(element, 'comment')
  if (comment !== undefined) edNotes.push(comment)
  const norm = attribute(element, 'norm')
  if (norm !== undefined) revisions.push(norm)
  if (attribute(element, 'function') !== undefined) unmapped.add('revision-history')
}
