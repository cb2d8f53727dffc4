import { addConcept } from '../../add-concept.ts'
import type { Reading } from '../reading.ts'
import type { NitfSupplier } from './nitf-supplier.ts'

/** "NTBd9cde75b-256e_04": the story, and the number of its version. */
const versioned = /_\d{1,4}$/

/** Mapped here, or the same as what docdata says. */
const read = ['ntbtjeneste', 'ntbkilde', 'ntbstikkord', 'ntbprioritet', 'ntbid', 'subject']
/** Ways of distribution, and who pressed the key. */
const internal = ['ntbdistribusjonskode', 'ntbkanal', 'ntbeditor', 'ntbbilderantall']

/**
 * NTB: the key of the du-key is the story (seen 2020), unless it is only the slug, which other stories share (seen 2016); then the story
 * is what the meta NTBID says.
 */
export const ntb: NitfSupplier = {
  name: 'ntb',

  recognises: ({ metas, facts }) => facts.registrar === 'NTB' || metas.has('ntbid') || metas.has('ntbtjeneste'),

  storyIdIn: (docId) => docId.replace(versioned, ''),

  identify({ facts, metas }) {
    if (facts.duKey !== undefined && facts.duKey !== slugOf(metas)) return facts.duKey
    return metas.get('ntbid')
  },

  correct(reading) {
    const { story, facts, metas, unmapped } = reading
    const slug = slugOf(metas)
    if (slug !== undefined) story.slugline = slug
    story.altIds = story.altIds?.filter(({ role, value }) => role !== 'du-key' || value !== slug) ?? []
    if (story.altIds.length === 0) delete story.altIds
    if (story.section === undefined && facts.objectType !== undefined) story.section = facts.objectType
    if (story.supplierUrgency === undefined) putUrgency(reading)
    addConcept(reading, 'subjects', { name: metas.get('ntbtjeneste'), rel: 'service' })
    addConcept(reading, 'infoSources', { name: metas.get('ntbkilde') })
    for (const name of [...read, ...internal]) unmapped.delete(`meta/${name}`)
  },
}

const slugOf = (metas: ReadonlyMap<string, string>): string | undefined => metas.get('ntbstikkord')

function putUrgency({ story, metas }: Reading): void {
  const sent = metas.get('ntbprioritet')
  if (sent === undefined) return
  story.supplierUrgency = sent
  if (/^[1-9]$/.test(sent)) story.urgency = Number(sent)
}
