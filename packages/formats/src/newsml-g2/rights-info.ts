import { put } from '../json/json-values.ts'
import { attribute, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { nameOf } from './concepts.ts'
import { leave, type Reading } from './reading.ts'

/** rightsInfo. Where a supplier gives several notices (one a language), the first stands. */
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
        story.copyrightNotice ?? put(story, 'copyrightNotice', lineOf(element))
        break
      case 'usageTerms': {
        const text = lineOf(element)
        if (text !== undefined && !terms.includes(text)) terms.push(text)
        break
      }
      default:
        leave(reading, 'rightsInfo', element)
    }
  }
  put(story, 'usageTerms', terms.length === 0 ? undefined : terms.join(' '))
}
