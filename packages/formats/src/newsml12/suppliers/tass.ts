import { attribute, child, elements, lineOf, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'
import type { Supplier } from './supplier.ts'

const rubric = /^itartassrubric_(\S+)$/i
/** "January 21": a day without a place. */
const dayAlone = /^\p{L}+\.? \d{1,2}$/u
/** Marks of urgency where others have a slug. */
const marks = new Set(['URGENT', 'FLASH', 'BULLETIN'])

/** TASS names no item: its outer component's Duid stands for one. Its day alone is no dateline (seen 2019). */
export const tass: Supplier = {
  name: 'tass',
  provider: /^(?:www\.)?(?:itar-)?tass\.(?:com|ru)$/,
  timezone: 'Europe/Moscow',

  identify(item, { story, identification }) {
    const component = child(item, 'NewsComponent')
    const duid = component === undefined ? undefined : attribute(component, 'Duid')
    if (duid !== undefined && duid !== '0') story.id ??= `urn:newsml:${identification.provider}:${duid}`
  },

  correct(item, reading) {
    const { story } = reading
    if (story.dateline !== undefined && dayAlone.test(story.dateline)) delete story.dateline
    if (story.slugline !== undefined && marks.has(story.slugline)) delete story.slugline
    look(item, reading)
  },
}

/** Keywords and the id of its own system, in elements that the standard does not have. */
function look(parent: XmlElement, reading: Reading): void {
  const { story, keywords, unmapped } = reading
  for (const element of elements(parent)) {
    switch (element.name) {
      case 'NewsComponent':
      case 'DescriptiveMetada':
        look(element, reading)
        break
      case 'guid': {
        const value = lineOf(element)
        if (value !== undefined) story.altIds = [{ role: 'guid', value }]
        unmapped.delete('DescriptiveMetadata/guid')
        break
      }
      case 'item_keywords':
        for (const keyword of elements(element)) {
          const word = lineOf(keyword) ?? ''
          const section = rubric.exec(word)?.[1]
          if (section === undefined) keywords.push(word)
          else story.section ??= section
        }
        unmapped.delete('NewsComponent/item_keywords')
        break
    }
  }
}
