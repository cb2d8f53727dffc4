import { rawText } from '../../xml/xml-tree.ts'
import type { NitfSupplier } from './nitf-supplier.ts'

/** "17b7b4c3-6e05-4690-b7cb-37b5c99c9a86HHH-5-1": the story and its category, then two numbers that change with the versions. */
const docId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}[A-Z]{1,5})(?:-\d{1,6}){0,2}$/i

/** PA: versions are ordered by their time, for what the numbers count is nowhere said. Its title is the slug, its last paragraph "ends" (seen 2015 and 2016). */
export const pa: NitfSupplier = {
  name: 'pa',

  recognises: ({ facts }) => docId.test(facts.docId ?? '') || (facts.duKey?.startsWith('PA-') ?? false),

  storyIdIn: (id) => docId.exec(id)?.[1] ?? id,

  /** Another part of a series is another story: it must not take the place of the first. */
  identify({ facts }) {
    const stem = docId.exec(facts.docId ?? '')?.[1]
    const part = facts.seriesPart ?? '1'
    return stem === undefined || part === '1' ? stem : `${stem}#${part}`
  },

  judge: (element) => (element.name === 'p' && /^\s*ends\s*$/i.test(rawText(element)) ? 'note' : 'keep'),

  correct({ story, facts }) {
    if (facts.title === undefined) return
    story.slugline ??= facts.title
    facts.title = undefined
  },
}
