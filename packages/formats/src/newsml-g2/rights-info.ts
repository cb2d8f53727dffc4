import { printedLine } from '../body/printed-line.ts'
import { put } from '../json/json-values.ts'
import { attribute, elements, type XmlElement } from '../xml/xml-tree.ts'
import { isSameLanguage, nameOf } from './concepts.ts'
import { leave, type Reading } from './reading.ts'

/** rightsInfo. Where a supplier gives several notices, that in the language of the item stands, else the first. */
export function putRightsInfo(rights: XmlElement, reading: Reading): void {
  const { story } = reading
  const terms = story.usageTerms === undefined ? [] : [story.usageTerms]
  for (const element of elements(rights)) {
    switch (element.name) {
      case 'copyrightHolder':
        story.copyrightHolder ??
          put(story, 'copyrightHolder', nameOf(element, reading) ?? attribute(element, 'literal'))
        break
      case 'copyrightNotice':
        putNotice(element, reading)
        break
      case 'usageTerms': {
        const text = printedLine(element)
        if (text !== undefined && !terms.includes(text)) terms.push(text)
        break
      }
      default:
        leave(reading, 'rightsInfo', element)
    }
  }
  put(story, 'usageTerms', terms.length === 0 ? undefined : terms.join(' '))
}

function putNotice(element: XmlElement, { story }: Reading): void {
  const notice = printedLine(element)
  const isOwn = isSameLanguage(attribute(element, 'xml:lang'), story.language)
  if (notice === undefined || (story.copyrightNotice !== undefined && !isOwn)) return
  story.copyrightNotice = notice
}
