import { type Outcome, pass, type Story } from '@dateline/story'
import { addConcept } from '../add-concept.ts'
import { applyCorrections } from '../apply-corrections.ts'
import { type NitfBody, nitfChild, readNitfBody } from '../body/nitf-body.ts'
import { instantOf } from '../flagged-time.ts'
import { type Draft, put } from '../json/json-values.ts'
import { keywordList } from '../keyword-list.ts'
import { sayKill } from '../kill-words.ts'
import { storyOutcome } from '../story-outcome.ts'
import { leavePath } from '../unmapped.ts'
import type { DecodedMessage, ParseContext, ParsedItem } from '../wire-format.ts'
import { attribute, type XmlDocument, type XmlElement } from '../xml/xml-tree.ts'
import { putHead } from './head.ts'
import { putMedia } from './media.ts'
import { putPriority } from './meta.ts'
import { addAltId, type Reading, startReading } from './reading.ts'
import { sourceOf } from './source.ts'
import { type Concern, concernOf, putStatus } from './status.ts'
import type { NitfSupplier } from './suppliers/nitf-supplier.ts'
import { supplierOf } from './suppliers/supplier-of.ts'

/** The document as a story, and after it the recall of another one where the document says so. */
export function storiesOf(
  { root, text }: XmlDocument,
  message: DecodedMessage,
  context: ParseContext,
): Outcome<ParsedItem>[] {
  const reading = startReading(context.feed.timezone)
  const head = nitfChild(root, 'head')
  if (head !== undefined) putHead(head, reading)
  const supplier = supplierOf(reading)
  putIdentity(root, reading, supplier)
  putStatus(reading)
  putPriority(reading)
  const read = readNitfBody(root, supplier?.judge)
  putBody(read, reading)
  const corrections = supplier === undefined ? [] : [supplier]
  applyCorrections(corrections, ({ correct }) => correct?.(reading, read), { story: reading.story, context })
  putObjectType(reading)
  const concernedId = reference(reading.facts.concernedId, supplier)
  const concern = concernOf(reading, concernedId)
  if (concern === null && concernedId !== undefined && concernedId !== reading.story.id)
    leavePath(reading, 'docdata/management-doc-idref')
  applyConcern(concern, reading, supplier)
  putTitle(reading)
  flagKillWords(reading)
  if (message.isCharsetDetected === true) reading.flags.add('charset-detected')
  return outcomesOf(reading, concern, sourceOf(root, text, reading.transmission))
}

const reference = (docId: string | undefined, supplier: NitfSupplier | undefined): string | undefined =>
  docId === undefined ? undefined : (supplier?.storyIdIn?.(docId) ?? docId)

function putIdentity(root: XmlElement, reading: Reading, supplier: NitfSupplier | undefined): void {
  const { story, facts } = reading
  put(story, 'id', supplier?.identify?.(reading) ?? reference(facts.docId, supplier))
  put(story, 'version', facts.duVersion)
  put(story, 'versionCreated', versionCreatedOf(reading))
  put(story, 'language', languageOf(root))
  if (facts.docId !== story.id) addAltId(reading, 'doc-id', facts.docId)
  if (facts.duKey !== story.id) addAltId(reading, 'du-key', facts.duKey)
  addAltId(reading, 'uno', attribute(root, 'uno'))
}

/** The issue, or the last revision after it: some issue a story once and then only revise it. */
function versionCreatedOf(reading: Reading): string | undefined {
  let last = instantOf(reading.facts.issued, reading)
  for (const revision of reading.revisions) {
    const time = instantOf(revision, reading)
    if (time !== undefined && (last === undefined || Date.parse(time) > Date.parse(last))) last = time
  }
  return last
}

function languageOf(root: XmlElement): string | undefined {
  const tag = (attribute(root, 'baselang') ?? attribute(root, 'xml:lang'))?.replaceAll('_', '-')
  return tag !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : undefined
}

function putBody(read: NitfBody, reading: Reading): void {
  const { story, edNotes } = reading
  put(story, 'headlines', read.headlines)
  put(story, 'by', read.by)
  put(story, 'dateline', read.dateline)
  put(story, 'located', read.located)
  put(story, 'contentCreated', instantOf(read.storyDate, reading))
  if (read.abstract !== undefined) story.descriptions = [{ role: 'abstract', value: read.abstract }]
  addConcept(reading, 'infoSources', { name: read.distributor })
  if (story.copyrightNotice === undefined) put(story, 'copyrightNotice', read.copyright)
  const terms = [story.usageTerms ?? [], read.usageTerms].flat()
  if (terms.length > 0) story.usageTerms = terms.join(' ')
  if (read.rightsOwner !== undefined) leavePath(reading, 'rights/rights.owner')
  for (const note of read.edNotes) edNotes.push(note)
  if (read.body.text !== '') {
    story.bodyHtml = read.body.html
    story.bodyText = read.body.text
  }
  putMedia(read.media, reading)
  for (const path of read.leftOver) leavePath(reading, path)
}

/** What kind of text it is, where a supplier does not mean its section by it. */
function putObjectType(reading: Reading): void {
  const { story, facts } = reading
  if (facts.objectType !== story.section) addConcept(reading, 'genres', { name: facts.objectType })
}

/** What a document says of another's status, applied where that other is itself, or its own former version. */
function applyConcern(concern: Concern | null, { story, facts }: Reading, supplier: NitfSupplier | undefined): void {
  if (concern?.pubStatus !== undefined && concern.id === story.id) story.pubStatus = concern.pubStatus
  const former = concern?.pubStatus === undefined ? concern?.id : undefined
  const replaced = new Set([reference(facts.correctedId, supplier) ?? [], former ?? []].flat())
  replaced.delete(story.id ?? '')
  put(story, 'replaces', [...replaced])
}

/** The title is a headline for lists of results: it stands in where the text has none. */
function putTitle(reading: Reading): void {
  const { story, facts, flags } = reading
  const { title } = facts
  if (title === undefined || story.headlines?.some(({ value }) => value === title)) return
  if (story.headlines?.some(({ role }) => role === undefined)) {
    leavePath(reading, 'head/title')
    return
  }
  story.headlines = [{ value: title }, ...(story.headlines ?? [])]
  flags.add('headline-from-title')
}

function flagKillWords({ story, flags }: Reading): void {
  if ((story.pubStatus ?? 'usable') === 'usable' && sayKill(story.headlines)) flags.add('kill-in-text')
}

function outcomesOf(reading: Reading, concern: Concern | null, source: string): Outcome<ParsedItem>[] {
  const { story, keywords, edNotes, flags, unmapped } = reading
  put(story, 'keywords', keywordList(keywords))
  put(story, 'edNotes', [...new Set(edNotes)])
  put(story, 'flags', [...flags])
  put(story, 'unmapped', [...unmapped])
  const own = storyOutcome(story, source)
  if (concern?.pubStatus === undefined || concern.id === story.id) return [own]
  const recall = pass({ story: recallOf(concern, concern.pubStatus, story), source })
  // A notice that is nothing but the notice.
  return own.kind === 'reject' ? [recall] : [own, recall]
}

/** The reason is what the notice says to editors, or else its headline. */
function recallOf({ id }: Concern, pubStatus: 'canceled' | 'withheld', notice: Draft<Story>): Story {
  const story: Draft<Story> = { id, pubStatus }
  put(story, 'versionCreated', notice.versionCreated)
  put(story, 'language', notice.language)
  const headline = notice.headlines?.[0]?.value
  put(story, 'edNotes', notice.edNotes ?? (headline === undefined ? undefined : [headline]))
  return story
}
