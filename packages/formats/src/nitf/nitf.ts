import { pass, reject } from '@dateline/story'
import type { WireFormat } from '../wire-format.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { isNitfText } from './is-nitf-text.ts'
import { storiesOf } from './story.ts'

const namespaces = new Set(['', 'http://iptc.org/std/NITF/2006-10-18/'])

/** IPTC NITF 3.x alone, in its namespace or in none: one story a document, and the recall of another one where it says so. */
export const nitf: WireFormat = {
  name: 'nitf',

  recognises: ({ text }) => isNitfText(text),

  parse(message, context) {
    const document = parseXml(message.text)
    if (document.kind !== 'pass') return document
    const { root } = document.value
    if (root.name !== 'nitf' || !namespaces.has(root.namespace))
      return reject('unknown-format', `the root is ${root.name} of namespace ${JSON.stringify(root.namespace)}`)
    return pass(storiesOf(document.value, message, context))
  },
}
