import { attribute, child, elements, lineOf, type XmlElement } from '../../xml/xml-tree.ts'
import { moveNotes } from '../body-notes.ts'
import type { Reading } from '../reading.ts'
import type { Supplier } from './supplier.ts'

const signOff = /^==? ?Kyodo(?: News)?$/i

/** Kyodo ends its texts with its name, says the section in a series line, and numbers the transmission within the item (seen 2019). */
export const kyodo: Supplier = {
  name: 'kyodo',
  provider: /^(?:www\.)?kyodonews\.(?:jp|net|com)$/,
  timezone: 'Asia/Tokyo',

  correct(item, reading) {
    look(item, reading)
    moveNotes(reading, (text, isLast) => isLast && signOff.test(text))
  },
}

function look(parent: XmlElement, reading: Reading): void {
  const { story, unmapped } = reading
  for (const element of elements(parent)) {
    if (element.name === 'NewsComponent') look(element, reading)
    else if (element.name === 'NewsLines') {
      const section = lineOf(child(element, 'SeriesLine'))
      if (section !== undefined) story.section ??= section
      unmapped.delete('NewsLines/SeriesLine')
    } else if (element.name === 'Metadata' && isSerial(element)) {
      reading.transmission.push(element)
      unmapped.delete('NewsComponent/Metadata')
    }
  }
}

function isSerial(metadata: XmlElement): boolean {
  const type = child(metadata, 'MetadataType')
  return type !== undefined && attribute(type, 'FormalName') === 'KwsSerialNumbers'
}
