import type { Roled } from '@dateline/story'
import type { Draft } from '../json/json-values.ts'
import { attribute, elements, rawText, type XmlElement } from '../xml/xml-tree.ts'
import type { CleanBody } from './body-writer.ts'
import { printedLine } from './printed-line.ts'
import { type BodyVerdict, writeBody } from './write-body.ts'

/** What the body of an NITF document says; the document may stand alone or within an item of another standard. */
export interface NitfBody {
  /** The headline without a role, the others as `subHeadline`. */
  readonly headlines: readonly Roled[]
  readonly by?: string
  readonly dateline?: string
  /** The place of the dateline where it is not in capitals throughout. */
  readonly located?: string
  /** As sent: the `norm` of the dateline's date. */
  readonly storyDate?: string
  readonly abstract?: string
  readonly distributor?: string
  readonly copyright?: string
  readonly rightsOwner?: string
  readonly usageTerms: readonly string[]
  /** Notes, summaries of tables and taglines: nothing of them is in the text. */
  readonly edNotes: readonly string[]
  /** In the order of the text. */
  readonly media: readonly XmlElement[]
  /** Paths of what has no place here. */
  readonly leftOver: readonly string[]
  readonly body: CleanBody
}

/** What a supplier puts into the text that is none: a paragraph for editors, a line break of a teleprinter. */
export type NitfJudge = (element: XmlElement) => 'note' | 'keep' | 'space'

type Lines = 'by' | 'dateline' | 'located' | 'storyDate' | 'abstract' | 'distributor' | 'copyright' | 'rightsOwner'

type MutableBody = Draft<Pick<NitfBody, Lines>> & {
  readonly headlines: Roled[]
  readonly usageTerms: string[]
  readonly edNotes: Set<string>
  readonly media: XmlElement[]
  readonly leftOver: Set<string>
}

const mostHeadlines = 50

/** The first child of a name, in whatever namespace: AP's copies put the document in one or in none. */
export const nitfChild = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element === undefined ? undefined : elements(element).find((node) => node.name === name)

export function readNitfBody(nitf: XmlElement, judge: NitfJudge = () => 'keep'): NitfBody {
  const read: MutableBody = { headlines: [], usageTerms: [], edNotes: new Set(), media: [], leftOver: new Set() }
  const body = nitfChild(nitf, 'body')
  const head = nitfChild(body, 'body.head')
  if (head !== undefined) for (const element of elements(head)) putHead(element, read)
  const text = writeBody(contentOf(nitf, body, head), (element) => verdictOf(element, read, judge))
  const end = nitfChild(body, 'body.end')
  if (end !== undefined) for (const element of elements(end)) if (element.name === 'tagline') addNote(read, element)
  return { ...read, edNotes: [...read.edNotes], leftOver: [...read.leftOver], body: text }
}

/** A fragment without a body is all text; a document with a head and no body has none. */
function contentOf(nitf: XmlElement, body: XmlElement | undefined, head: XmlElement | undefined): XmlElement[] {
  if (body === undefined) return nitfChild(nitf, 'head') === undefined ? [nitf] : []
  const content = nitfChild(body, 'body.content')
  if (content === undefined) return head === undefined ? [body] : []
  const end = nitfChild(body, 'body.end')
  return end === undefined ? [content] : [content, end]
}

function putHead(element: XmlElement, read: MutableBody): void {
  switch (element.name) {
    case 'hedline':
    // AP's items carry it under this name.
    case 'headline':
      for (const line of elements(element)) addHeadline(line, read)
      return
    case 'byline': {
      const line = printedLine(element)
      if (line !== undefined) read.by = read.by === undefined ? line : `${read.by}; ${line}`
      return
    }
    case 'dateline':
      putDateline(element, read)
      return
    case 'abstract':
      setOnce(read, 'abstract', printedLine(element))
      return
    case 'distributor':
      setOnce(read, 'distributor', printedLine(element))
      return
    case 'note':
      addNote(read, element)
      return
    case 'rights':
      putRights(element, read)
      return
    case 'series':
      return
    default:
      read.leftOver.add(`body.head/${element.name}`)
  }
}

/** The second headline is the first again where AP calls it the original. */
function addHeadline(line: XmlElement, read: MutableBody): void {
  const value = printedLine(line)
  if (
    value === undefined ||
    read.headlines.length >= mostHeadlines ||
    read.headlines.some((headline) => headline.value === value)
  )
    return
  const isMain = line.name === 'hl1' && read.headlines.every(({ role }) => role !== undefined)
  if (isMain) read.headlines.unshift({ value })
  else read.headlines.push({ role: 'subHeadline', value })
}

const words = /^[\p{L}\p{M}'’. /-]{1,60}$/u
const smallLetter = /\p{Ll}/u

function putDateline(element: XmlElement, read: MutableBody): void {
  const date = nitfChild(element, 'story.date')
  const line = printedLine(element, isMachineDate)
  setOnce(read, 'storyDate', date === undefined ? undefined : attribute(date, 'norm'))
  setOnce(read, 'dateline', line)
  const location = nitfChild(element, 'location')
  const place = printedLine(nitfChild(location, 'city') ?? location) ?? (location === undefined ? line : undefined)
  if (place !== undefined && words.test(place) && smallLetter.test(place)) setOnce(read, 'located', place)
}

/** EFE repeats its `norm` as text, and calls that a mistake it keeps. */
const isMachineDate = (element: XmlElement): boolean =>
  element.name === 'story.date' && /^\s*\d{8}T?\d*/.test(rawText(element))

function putRights(rights: XmlElement, read: MutableBody): void {
  for (const element of elements(rights)) {
    const line = printedLine(element)
    if (line === undefined) continue
    if (element.name === 'rights.owner') setOnce(read, 'rightsOwner', line)
    else if (/^rights\.(?:type|limitations|geography)$/.test(element.name)) read.usageTerms.push(line)
    else read.leftOver.add(`rights/${element.name}`)
  }
}

function verdictOf(element: XmlElement, read: MutableBody, judge: NitfJudge): BodyVerdict {
  switch (element.name) {
    case 'media':
    case 'img':
      read.media.push(element)
      return 'drop'
    case 'note':
    // "Should be managed like a non-publishable editors note" (NITF 3.6).
    case 'nitf-table-summary':
      addNote(read, element)
      return 'drop'
    case 'nitf-table-metadata':
      addNote(read, nitfChild(element, 'nitf-table-summary'))
      return 'drop'
    case 'tagline':
      return 'drop'
    case 'copyrite':
      setOnce(read, 'copyright', printedLine(element))
      return 'drop'
    case 'custom-table':
      read.leftOver.add('body.content/custom-table')
      return 'drop'
    // Of the first block, where the head has none; a later block is a text of its own beside the story.
    case 'byline':
      return setOnce(read, 'by', printedLine(element)) ? 'drop' : 'keep'
    case 'dateline':
      if (read.dateline !== undefined) return 'keep'
      putDateline(element, read)
      return 'drop'
    default: {
      const verdict = judge(element)
      if (verdict !== 'note') return verdict
      addNote(read, element)
      return 'drop'
    }
  }
}

function addNote(read: MutableBody, element: XmlElement | undefined): void {
  const note = printedLine(element)
  if (note !== undefined) read.edNotes.add(note)
}

function setOnce(read: MutableBody, key: Lines, value: string | undefined): boolean {
  if (value === undefined || read[key] !== undefined) return false
  read[key] = value
  return true
}
