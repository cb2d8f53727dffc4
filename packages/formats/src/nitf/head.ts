import { leavePath } from '../unmapped.ts'
import { elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { putDocdata } from './docdata.ts'
import { putMeta } from './meta.ts'
import { putPubdata, putRevision } from './publication.ts'
import type { Reading } from './reading.ts'
import { putObject } from './subjects.ts'

/** The head: all that is said of the document. */
export function putHead(head: XmlElement, reading: Reading): void {
  for (const element of elements(head)) {
    switch (element.name) {
      case 'title':
        reading.facts.title ??= lineOf(element)
        break
      case 'meta':
        putMeta(element, reading)
        break
      case 'tobject':
        putObject(element, reading)
        break
      case 'docdata':
        putDocdata(element, reading)
        break
      case 'pubdata':
        putPubdata(element, reading)
        break
      case 'revision-history':
        putRevision(element, reading)
        break
      default:
        leavePath(reading, `head/${element.name}`)
    }
  }
}
