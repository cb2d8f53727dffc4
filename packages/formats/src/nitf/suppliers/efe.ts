import { addConcept } from '../../add-concept.ts'
import type { NitfSupplier } from './nitf-supplier.ts'

const signOff = /^[a-z]{2,5}(?:\/[a-z]{2,5}){0,5}$/

/** EFE: the second headline is its keyword, the byline initials of writer and desk, and the copyright stands in rights.owner (seen 2017 and 2019). */
export const efe: NitfSupplier = {
  name: 'efe',

  recognises: ({ metas }) => metas.has('prioridad') || metas.has('categoria'),

  correct(reading, body) {
    const { story, keywords, edNotes, metas, unmapped } = reading
    const slug = body.headlines.find(({ role, value }) => role === 'subHeadline' && keywords.includes(value))?.value
    if (slug !== undefined) {
      story.slugline ??= slug
      story.headlines = body.headlines.filter(({ value }) => value !== slug)
    }
    if (story.by !== undefined && signOff.test(story.by)) {
      edNotes.push(story.by)
      delete story.by
    }
    if (story.copyrightHolder === undefined && body.rightsOwner !== undefined) {
      story.copyrightHolder = body.rightsOwner
      unmapped.delete('rights/rights.owner')
    }
    addConcept(reading, 'subjects', { literal: metas.get('categoria'), rel: 'category' })
    for (const name of ['prioridad', 'categoria', 'tabulacion', 'tabuladores']) unmapped.delete(`meta/${name}`)
  },
}
