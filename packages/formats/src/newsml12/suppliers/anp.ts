import { addConcept } from '../../add-concept.ts'
import { moveNotes } from '../body-notes.ts'
import { storyUrn } from '../newsml-urn.ts'
import { type Reading, takeProperties } from '../reading.ts'
import type { Supplier } from './supplier.ts'

const versioned = /^(.+)-v(\d{1,6})$/i
const numbered = /^(.*\S)\s\((\d{1,3})\)$/
/** In spaced letters: "N i e u w bericht, vervangt: <old headline>" (seen 2018). */
const replacement = /^N ?i ?e ?u ?w bericht, vervangt\s*:/i
/** "(ANP Redactie AFN/Economie, email economie(at)anp.nl, +31 20 560 6070)" (seen 2019). */
const footer = /^\((?:ANP|AFN)[ -]?Redactie\b.*\)$/i
/** The name, and the initials of whoever handled the text: "Huub Giesbers (iwi)". */
const author = /^([^()]*)\(([^()\s]{1,20})\)$/
/** ANP's categories that are sections. */
const sections: ReadonlyMap<string, string> = new Map([
  ['BIN', 'Binnenland'],
  ['BUI', 'Buitenland'],
  ['ECO', 'Economie'],
  ['SPO', 'Sport'],
])

/** ANP has the version in the item's id and in the headline, and the author in the slugline (seen 2018). */
export const anp: Supplier = {
  name: 'anp',
  provider: /^(?:www\.)?anp(?:\.nl)?$/,

  identify(_item, { story, identification }) {
    const { day, newsItemId } = identification
    if (newsItemId === undefined) return
    const [, item = newsItemId, version] = versioned.exec(newsItemId) ?? []
    if (day !== undefined) story.id = storyUrn({ provider: 'anp.nl', day, item })
    if (version !== undefined) story.version ??= version
  },

  correct(_item, reading) {
    putVersion(reading)
    moveNotes(reading, (text, isLast) => replacement.test(text) || (isLast && footer.test(text)))
    putAuthor(reading)
    putOrganisations(reading)
    const code = reading.story.genres?.[0]?.literal
    const section = code === undefined ? undefined : sections.get(code)
    if (section !== undefined) reading.story.section = section
  },
}

/** The number behind a headline is its version where the item says the same of itself, or nothing: it may be an age. */
function putVersion({ story }: Reading): void {
  if (story.headlines === undefined) return
  story.headlines = story.headlines.map((headline) => {
    const [, value, version] = numbered.exec(headline.value) ?? []
    if (value === undefined || version === undefined || (story.version ?? version) !== version) return headline
    story.version = version
    return { ...headline, value }
  })
}

function putAuthor({ story, initials }: Reading): void {
  const { slugline } = story
  if (slugline === undefined) return
  delete story.slugline
  const [, name, handler] = author.exec(slugline) ?? [undefined, slugline]
  if (handler !== undefined) initials.push(handler)
  const by = name?.trim()
  if (by !== undefined && by !== '') story.by ??= by
}

/** Names, security numbers and tickers of companies, each in a property of its own and in the same order. */
function putOrganisations(reading: Reading): void {
  const valuesOf = (name: string): string[] => takeProperties(reading, `DescriptiveMetadata/${name}`)
  const [names, isins, tickers] = [valuesOf('Company'), valuesOf('Isin'), valuesOf('Ticker')]
  const count = Math.max(names.length, isins.length, tickers.length)
  for (let at = 0; at < count; at++)
    addConcept(reading, 'organisations', { name: names[at], literal: isins[at] ?? tickers[at] })
}
