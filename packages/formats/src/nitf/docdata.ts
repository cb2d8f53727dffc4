import { addConcept } from '../add-concept.ts'
import { instantOf } from '../flagged-time.ts'
import { put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { putPubdata, putRevision } from './publication.ts'
import { addAltId, type Reading } from './reading.ts'
import { putIdentified, putObject } from './subjects.ts'

type Put = (element: XmlElement, reading: Reading) => void

/** By name, for its children come in any order. */
const puts: ReadonlyMap<string, Put> = new Map<string, Put>([
  ['doc-id', putDocId],
  ['du-key', putDuKey],
  ['urgency', putUrgency],
  ['date.issue', putIssue],
  ['date.release', putRelease],
  ['date.expire', (element, reading) => put(reading.story, 'expires', instantOf(attribute(element, 'norm'), reading))],
  ['correction', putCorrection],
  ['evloc', putEventPlace],
  ['ed-msg', putMessage],
  ['doc.copyright', putCopyright],
  ['doc.rights', putRights],
  ['doc-scope', (element, reading) => addSubject(reading, attribute(element, 'scope'), 'scope')],
  ['series', putSeries],
  ['fixture', (element, reading) => addAltId(reading, 'fixture', attribute(element, 'fix-id'))],
  ['key-list', putKeywords],
  ['identified-content', putIdentified],
  // The way it came, not what it is.
  ['del-list', (element, { transmission }) => void transmission.push(element)],
  // NTB has these in docdata.
  ['pubdata', putPubdata],
  ['revision-history', putRevision],
  ['tobject', putObject],
])

export function putDocdata(docdata: XmlElement, reading: Reading): void {
  const { facts } = reading
  facts.status ??= attribute(docdata, 'management-status')?.toLowerCase()
  facts.concernedId ??= attribute(docdata, 'management-doc-idref')
  facts.concernedStatus ??= attribute(docdata, 'management-idref-status')?.toLowerCase()
  for (const element of elements(docdata)) {
    const putElement = puts.get(element.name)
    if (putElement === undefined) leavePath(reading, `docdata/${element.name}`)
    else putElement(element, reading)
  }
}

function putDocId(element: XmlElement, { facts }: Reading): void {
  facts.docId ??= attribute(element, 'id-string')
  facts.registrar ??= attribute(element, 'regsrc')
}

function putIssue(element: XmlElement, { facts }: Reading): void {
  facts.issued ??= attribute(element, 'norm')
}

function putRelease(element: XmlElement, { facts }: Reading): void {
  facts.released ??= attribute(element, 'norm')
}

function putDuKey(element: XmlElement, reading: Reading): void {
  const { facts } = reading
  facts.duKey ??= attribute(element, 'key')
  facts.duVersion ??= attribute(element, 'version')
  for (const name of ['part', 'generation'])
    if (attribute(element, name) !== undefined) leavePath(reading, `du-key/${name}`)
}

/** NITF counts to 8; beyond that only the supplier's own word is kept. */
function putUrgency(element: XmlElement, { story }: Reading): void {
  const sent = attribute(element, 'ed-urg')
  put(story, 'supplierUrgency', sent)
  if (sent !== undefined && /^[1-8]$/.test(sent)) story.urgency = Number(sent)
}

/** "Indicates that the item is a correction to a previously published document" (NITF 3.6). */
function putCorrection(element: XmlElement, { story, facts, edNotes }: Reading): void {
  story.change = 'correction'
  const info = attribute(element, 'info')
  if (info !== undefined) edNotes.push(info)
  facts.correctedId ??= attribute(element, 'id-string')
}

function putMessage(element: XmlElement, { edNotes }: Reading): void {
  const note = attribute(element, 'info')?.replace(/\s+/g, ' ') ?? lineOf(element)
  if (note !== undefined) edNotes.push(note)
}

function putCopyright(element: XmlElement, { story }: Reading): void {
  const holder = attribute(element, 'holder')
  const year = attribute(element, 'year')
  put(story, 'copyrightHolder', holder)
  if (holder !== undefined && year !== undefined) story.copyrightNotice = `© ${year} ${holder}`
}

/** Whose the rights are and when they end is said of another right than the copyright: only its terms have a place. */
function putRights(element: XmlElement, reading: Reading): void {
  const terms = ['type', 'limitations', 'geography'].flatMap((name) => attribute(element, name) ?? [])
  if (terms.length > 0) reading.story.usageTerms = terms.join(' ')
  for (const name of ['owner', 'agent', 'startdate', 'enddate'])
    if (attribute(element, name) !== undefined) leavePath(reading, `doc.rights/${name}`)
}

function putSeries(element: XmlElement, reading: Reading): void {
  reading.facts.seriesPart ??= attribute(element, 'series.part')
  if (attribute(element, 'series.name') !== undefined) leavePath(reading, 'docdata/series')
}

function putKeywords(element: XmlElement, { keywords }: Reading): void {
  for (const keyword of elements(element)) {
    const word = attribute(keyword, 'key') ?? lineOf(keyword)
    if (word !== undefined) keywords.push(word)
  }
}

/** Where it happened: the place, what that lies in, and the country by its ISO code. */
function putEventPlace(element: XmlElement, reading: Reading): void {
  for (const level of ['city', 'county-dist', 'state-prov'])
    addConcept(reading, 'places', { name: attribute(element, level), rel: 'event' })
  const country = attribute(element, 'iso-cc')?.toUpperCase() ?? ''
  if (/^[A-Z]{2,3}$/.test(country))
    addConcept(reading, 'places', { uri: `http://cvx.iptc.org/iso3166-1a${country.length}/${country}`, rel: 'event' })
  else if (country !== '') leavePath(reading, 'evloc/iso-cc')
}

function addSubject(reading: Reading, literal: string | undefined, rel: string): void {
  addConcept(reading, 'subjects', { literal, rel })
}
