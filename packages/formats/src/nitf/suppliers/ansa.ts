import type { Roled } from '@dateline/story'
import { addConcept } from '../../add-concept.ts'
import { subjectUri } from '../subjects.ts'
import type { NitfSupplier } from './nitf-supplier.ts'

/** ">>>ANSA/" before a headline marks it as a piece of its own, for editors. */
const mark = /^>+\s*ANSA\/\s*/

/** ANSA: the byline is the second headline, the subject code a meta (seen 2022). */
export const ansa: NitfSupplier = {
  name: 'ansa',

  recognises: ({ metas }) => metas.has('fulladdresses') || metas.has('selezione') || metas.has('category_iptc'),

  correct(reading) {
    const { story, facts, keywords, metas, unmapped } = reading
    const headlines: Roled[] = (story.headlines ?? []).map((headline) => ({
      ...headline,
      value: headline.value.replace(mark, ''),
    }))
    if (story.by !== undefined) {
      headlines.push({ role: 'subHeadline', value: story.by })
      delete story.by
    }
    if (headlines.length > 0) story.headlines = headlines
    facts.title = facts.title?.replace(mark, '')
    for (const [at, keyword] of keywords.entries()) keywords[at] = keyword.replace(mark, '')
    const code = metas.get('category_iptc')
    if (code !== undefined && /^\d{8}$/.test(code)) {
      addConcept(reading, 'subjects', { uri: subjectUri(code) })
      unmapped.delete('meta/category_iptc')
    }
    if (metas.get('subcategory')?.replace(mark, '') === story.headlines?.[0]?.value) unmapped.delete('meta/subcategory')
  },
}
