import type { Association, NewsObjectType, Story } from '@dateline/story'
import { printedLine } from '../body/printed-line.ts'
import { embargoEnd } from '../flagged-time.ts'
import { type Draft, put } from '../json/json-values.ts'
import { attribute, child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { codeIn, codeOf, conceptOf, roleOf } from './concepts.ts'
import { append, leave, putInstant, type Reading } from './reading.ts'

const types: ReadonlySet<string> = new Set(['text', 'audio', 'video', 'picture', 'graphic', 'composite'])

const mediaTypes: ReadonlyMap<string, NewsObjectType> = new Map([
  ['image', 'picture'],
  ['audio', 'audio'],
  ['video', 'video'],
])

/** "cancelled" is the spelling of planning items, and seen for news too. */
const statuses: ReadonlyMap<string, NonNullable<Story['pubStatus']>> = new Map([
  ['usable', 'usable'],
  ['withheld', 'withheld'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
])

/** Relations by which an item takes the place of another. */
const superseding = new Set(['replaces', 'evolvedfrom', 'supersedes'])

/** itemMeta: the management of the item. */
export function putItemMeta(meta: XmlElement, reading: Reading): void {
  const { story } = reading
  const edNotes: string[] = []
  const signals: string[] = []
  const replaces = new Set<string>()
  for (const element of elements(meta)) {
    if (element.namespace !== meta.namespace) {
      leave(reading, 'itemMeta', element)
      continue
    }
    switch (element.name) {
      case 'itemClass':
        putType(element, story)
        break
      case 'versionCreated':
      case 'firstCreated':
      case 'expires':
        putInstant(reading, element.name, element)
        break
      case 'embargoed':
        // An empty element is an embargo until further notice.
        story.embargoed = embargoEnd(lineOf(element), reading)
        break
      case 'pubStatus':
        putStatus(element, reading)
        break
      case 'profile':
        put(story, 'profile', lineOf(element))
        break
      case 'service':
        putService(element, reading)
        break
      case 'instanceOf':
        putInstanceOf(element, reading)
        break
      case 'edNote': {
        const note = printedLine(element)
        if (note !== undefined) edNotes.push(note)
        break
      }
      case 'signal':
        signals.push(...signalIn(element))
        break
      case 'link':
        putLink(element, reading, replaces)
        break
      case 'provider':
      case 'title':
      case 'generator':
        break
      default:
        leave(reading, 'itemMeta', element)
    }
  }
  put(story, 'edNotes', edNotes)
  put(story, 'replaces', [...replaces])
  put(story, 'signals', [...new Set([...(story.signals ?? []), ...signals])])
  put(story, 'change', changeIn(signals))
}

function putType(element: XmlElement, story: Reading['story']): void {
  const type = codeOf(element)?.toLowerCase()
  if (type !== undefined && types.has(type)) story.type = type as NonNullable<Story['type']>
}

function putStatus(element: XmlElement, { story, flags }: Reading): void {
  const code = (codeOf(element) ?? codeIn(lineOf(element)))?.toLowerCase()
  if (code === undefined) return
  const status = statuses.get(code)
  if (status !== undefined) story.pubStatus = status
  else if (code === 'embargoed') story.embargoed ??= 'indefinite'
  else flags.add('pubstatus-unknown')
}

/** The first service with a name is the section; the others are subjects. */
function putService(element: XmlElement, reading: Reading): void {
  const { story } = reading
  const service = conceptOf(element, reading)
  if (service === null) return
  if (story.section === undefined && service.name !== undefined) story.section = service.name
  else append(reading, 'subjects', { ...service, rel: 'service' })
}

/** A piece that is made anew again and again: "Top stories". */
function putInstanceOf(element: XmlElement, reading: Reading): void {
  const piece = conceptOf(element, reading)
  if (piece !== null) append(reading, 'subjects', { ...piece, rel: 'instanceOf' })
}

export const signalIn = (element: XmlElement): readonly string[] => {
  const code = attribute(element, 'qcode') ?? attribute(element, 'uri') ?? attribute(element, 'literal')
  return code === undefined ? [] : [code.replace(/\s+/g, '-')]
}

function changeIn(signals: readonly string[]): Story['change'] {
  if (signals.some((signal) => /(?:^|[:/])(?:correction|corrected|corrective)$/i.test(signal))) return 'correction'
  if (signals.some((signal) => /(?:^|[:/])(?:repeat|refile)$/i.test(signal))) return 'repeat'
  return undefined
}

/** A link to what this item supersedes, or to a related item; STT's links to the item's own earlier version say nothing new. */
function putLink(element: XmlElement, reading: Reading, replaces: Set<string>): void {
  const { story } = reading
  const uri = attribute(element, 'residref') ?? attribute(element, 'guidref') ?? attribute(element, 'href')
  if (uri === undefined || uri === story.id) return
  const relation = codeIn(attribute(element, 'rel') ?? attribute(element, 'reluri')) ?? 'link'
  if (superseding.has(relation.toLowerCase())) {
    replaces.add(uri)
    return
  }
  const association: Draft<Association> & { name: string; uri: string } = { name: relation, uri }
  put(association, 'type', linkedType(element))
  const title = child(element, 'title')
  const isCaption = title !== undefined && roleOf(title) === 'caption'
  put(association, 'headline', printedLine(child(element, 'headline') ?? (isCaption ? undefined : title)))
  put(association, 'caption', isCaption ? printedLine(title) : undefined)
  append(reading, 'associations', association)
}

/** By its class, else by the media type of what the link leads to: STT gives that alone. */
function linkedType(link: XmlElement): Association['type'] {
  const itemClass = child(link, 'itemClass')
  const type = itemClass === undefined ? undefined : codeOf(itemClass)?.toLowerCase()
  if (type !== undefined) return types.has(type) ? (type as NewsObjectType) : undefined
  return mediaTypes.get(attribute(link, 'contenttype')?.split('/')[0]?.toLowerCase() ?? '')
}
