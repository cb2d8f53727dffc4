import { addConcept } from '../add-concept.ts'
import { child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'
import { creditsIn } from './news-lines.ts'
import { addProperty, leave, putOnce, type Reading } from './reading.ts'

/** AdministrativeMetadata: who made the content. Its provider is the supplier itself. */
export function putAdministrativeMetadata(metadata: XmlElement, reading: Reading): void {
  const names: string[] = []
  for (const element of elements(metadata)) {
    switch (element.name) {
      case 'Creator':
        for (const party of partiesIn(element)) {
          if (isName(party)) names.push(party)
          else reading.initials.push(party)
        }
        break
      case 'Source':
        for (const party of partiesIn(element))
          for (const name of creditsIn(party)) addConcept(reading, 'infoSources', { name })
        break
      case 'Property':
        addProperty(reading, 'AdministrativeMetadata', element)
        break
      case 'Provider':
        break
      default:
        leave(reading, 'AdministrativeMetadata', element)
    }
  }
  if (names.length > 0) putOnce(reading, 'by', names.join(', '))
}

const partiesIn = (element: XmlElement): string[] =>
  elements(element).flatMap((party) => (party.name === 'Party' ? (formalName(party) ?? []) : []))

/** Others are initials or numbers: "daa/mt/msr", "DWM", "COR 360". */
const isName = (party: string): boolean =>
  /\p{Lu}/u.test(party) && /\p{Ll}/u.test(party) && /\p{L}\s+\p{L}/u.test(party)

/** RightsMetadata. */
export function putRightsMetadata(metadata: XmlElement, reading: Reading): void {
  const terms: string[] = []
  for (const element of elements(metadata)) {
    switch (element.name) {
      case 'Copyright':
        putOnce(reading, 'copyrightHolder', lineOf(child(element, 'CopyrightHolder')))
        break
      case 'UsageRights':
        for (const part of elements(element)) {
          const text = lineOf(part)
          if (text !== undefined && !terms.includes(text)) terms.push(text)
        }
        break
      case 'Property':
        addProperty(reading, 'RightsMetadata', element)
        break
      default:
        leave(reading, 'RightsMetadata', element)
    }
  }
  if (terms.length > 0) reading.story.usageTerms ??= terms.join(' ')
}
