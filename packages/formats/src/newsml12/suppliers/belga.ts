import { addConcept } from '../../add-concept.ts'
import { attribute, child } from '../../xml/xml-tree.ts'
import { moveNotes } from '../body-notes.ts'
import { putUrgency } from '../news-management.ts'
import { type Reading, takeProperties } from '../reading.ts'
import type { Supplier } from './supplier.ts'

const constantIdentifier = 'urn:newsml:www.belga.be'
/** Initials of writer and desk, or the teleprinter's end of text with them: "VDH/FUL/", "./.CVN". */
const signOff = /^(?:\.\/\. ?(?:[A-Z]{2,4})?|[A-Z]{2,4}(?:\/[A-Z]{2,4}){0,4}\/|[A-Z]{2,4}(?:\/[A-Z]{2,4}){1,4})$/
/** A holder, where a notice would say a year or a right. */
const holder = /^[\p{L} .&/-]{1,60}$/u

/**
 * Belga's PublicIdentifier is the same for every item or has another form, its DateId is that of the revision, and its times name no
 * zone (seen 1994 to 2025). An item sent by a correspondent has 0 for an id.
 */
export const belga: Supplier = {
  name: 'belga',
  provider: /^(?:www\.)?belga\.be$/,
  timezone: 'Europe/Brussels',
  languages: ['nl', 'fr'],

  identify(item, { story, identification }) {
    const component = child(item, 'NewsComponent')
    const duid = component === undefined ? undefined : attribute(component, 'Duid')
    const id = [identification.newsItemId, duid].find((each) => each !== undefined && each !== '0')
    if (id === undefined) delete story.id
    else story.id = `${constantIdentifier}:${id}`
    if (identification.publicIdentifier === constantIdentifier) delete story.altIds
  },

  correct(_item, reading) {
    const { story, edNotes } = reading
    const valuesOf = (name: string): string[] => takeProperties(reading, `AdministrativeMetadata/${name}`)
    const [priority] = valuesOf('Priority')
    if (story.supplierUrgency === undefined) putUrgency(priority, reading)
    edNotes.push(...valuesOf('EditorialInfo').filter((note) => /\p{L}/u.test(note)))
    for (const literal of valuesOf('NewsPackage')) addConcept(reading, 'subjects', { literal, rel: 'service' })
    for (const role of ['NewsObjectId', 'ForeignId']) addIds(role, valuesOf(role), reading)
    takeProperties(reading, 'DescriptiveMetadata/ComponentClass')
    if (
      story.copyrightHolder === undefined &&
      story.copyrightNotice !== undefined &&
      holder.test(story.copyrightNotice)
    ) {
      story.copyrightHolder = story.copyrightNotice
      delete story.copyrightNotice
    }
    moveNotes(reading, (text, isLast) => isLast && signOff.test(text))
  },
}

function addIds(role: string, values: readonly string[], { story }: Reading): void {
  const [value] = values
  if (value !== undefined && value !== '0') story.altIds = [...(story.altIds ?? []), { role, value }]
}
