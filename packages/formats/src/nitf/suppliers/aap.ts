import { rawText } from '../../xml/xml-tree.ts'
import type { NitfSupplier } from './nitf-supplier.ts'

/** "AAP RTV ar", "AAP dep/jmt". */
const signOff = /^\s*AAP(?: [A-Z]{2,5})?(?: [a-z]{2,4}(?:\/[a-z]{2,4}){0,4})?\s*$/

/** AAP breaks the lines of its paragraphs at the width of a teleprinter and signs the last one (seen 2013), in what it relays too. */
export const aap: NitfSupplier = {
  name: 'aap',

  recognises: ({ metas, facts }) => metas.has('aap-selectors') || (facts.docId?.startsWith('AAP.') ?? false),

  judge(element) {
    if (element.name === 'br') return 'space'
    return element.name === 'p' && signOff.test(rawText(element)) ? 'note' : 'keep'
  },
}
