import type { Story } from '@dateline/story'
import { embargoEnd, instantOf } from '../flagged-time.ts'
import { put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'
import { readNewsmlUrn, storyUrn } from './newsml-urn.ts'
import { addProperty, leave, type Reading } from './reading.ts'

type Status = NonNullable<Story['pubStatus']> | 'embargoed'

/** In lower case: Belga writes USABLE, ANP usable. "cancelled" is the spelling of planning items, and seen for news too. */
const statuses: ReadonlyMap<string, Status> = new Map([
  ['usable', 'usable'],
  ['embargoed', 'embargoed'],
  ['withheld', 'withheld'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
])

/** Instructions that take an item back, and those that say what a revision is. */
const recalls: ReadonlyMap<string, 'canceled' | 'withheld'> = new Map([
  ['delete', 'canceled'],
  ['withdraw', 'canceled'],
  ['kill', 'canceled'],
  ['cancel', 'canceled'],
  ['withhold', 'withheld'],
])
const corrections = new Set(['correction', 'correct', 'corrected', 'corrective'])
const repeats = new Set(['repeat', 'refile', 'resend'])

/** NewsManagement: what is done with the item. */
export function putNewsManagement(management: XmlElement, reading: Reading): void {
  const { story } = reading
  for (const element of elements(management)) {
    switch (element.name) {
      case 'FirstCreated':
        put(story, 'firstCreated', instantOf(lineOf(element), reading))
        break
      case 'ThisRevisionCreated':
        put(story, 'versionCreated', instantOf(lineOf(element), reading))
        break
      case 'NewsItemType': {
        const type = formalName(element)
        if (type !== undefined && type.toLowerCase() !== 'news') story.profile = type
        break
      }
      case 'Urgency':
        putUrgency(formalName(element), reading)
        break
      case 'Instruction':
        putInstruction(element, reading)
        break
      case 'DerivedFrom':
      case 'AssociatedWith':
        putRelation(element, reading)
        break
      case 'Property':
        addProperty(reading, 'NewsManagement', element)
        break
      case 'Status':
      case 'StatusWillChange':
        break
      default:
        leave(reading, 'NewsManagement', element)
    }
  }
  putStatus(management, reading)
}

/** Beyond IPTC's scale only the supplier's own word is kept. */
export function putUrgency(sent: string | undefined, { story }: Reading): void {
  put(story, 'supplierUrgency', sent)
  if (sent !== undefined && /^[1-9]$/.test(sent)) story.urgency = Number(sent)
}

/**
 * Status, and when it will be another. A later revision that says it is usable ends an embargo: the status is the item's only word of
 * one, so that nothing else could.
 */
function putStatus(management: XmlElement, reading: Reading): void {
  const { story, flags, identification } = reading
  const sent = formalName(child(management, 'Status'))
  const status = sent === undefined ? undefined : statuses.get(sent.toLowerCase())
  if (sent !== undefined && status === undefined) flags.add('pubstatus-unknown')
  const change = child(management, 'StatusWillChange')
  const next =
    change === undefined
      ? undefined
      : statuses.get(formalName(child(change, 'FutureStatus'))?.toLowerCase() ?? 'usable')
  const changesAt = change === undefined ? undefined : lineOf(child(change, 'DateAndTime'))
  if (status === 'embargoed') story.embargoed = embargoEnd(next === 'usable' ? changesAt : undefined, reading)
  else if (status !== undefined && !isRecall(story.pubStatus)) story.pubStatus = status
  if (story.pubStatus === 'usable' && isLater(identification.version)) story.embargoed ??= 'none'
  if (change === undefined || (status === 'embargoed' && next === 'usable')) return
  if (next === 'canceled' && status !== 'embargoed') put(story, 'expires', instantOf(changesAt, reading))
  else leave(reading, 'NewsManagement', change)
}

const isRecall = (status: Story['pubStatus']): boolean => status === 'canceled' || status === 'withheld'
const isLater = (version: string | undefined): boolean =>
  version !== undefined && /^\d{1,15}$/.test(version) && Number(version) > 1

function putInstruction(element: XmlElement, reading: Reading): void {
  const { story } = reading
  const sent = formalName(element)
  if (sent === undefined) return
  const code = sent.toLowerCase()
  const recall = recalls.get(code)
  story.signals = [...(story.signals ?? []), sent.replace(/\s+/g, '-')].slice(0, 50)
  if (recall !== undefined) story.pubStatus = recall
  else if (corrections.has(code)) story.change = 'correction'
  else if (repeats.has(code)) story.change ??= 'repeat'
  else if (/^lift\b/.test(code)) story.embargoed = 'none'
  if (child(element, 'RevisionStatus') !== undefined) leavePath(reading, 'NewsManagement/Instruction/RevisionStatus')
}

/** AFP names only the kind of what goes with a story where it is no item of its own. */
function putRelation(element: XmlElement, reading: Reading): void {
  const { story } = reading
  const reference = attribute(element, 'NewsItem')
  if (reference === undefined) {
    leave(reading, 'NewsManagement', element)
    return
  }
  const uri = referredTo(reference)
  if (uri === story.id) return
  const name = element.name === 'DerivedFrom' ? 'derivedFrom' : 'associatedWith'
  const associations = story.associations ?? []
  if (associations.length >= 200 || associations.some((known) => known.uri === uri)) return
  story.associations = [...associations, { name, uri }]
}

/** The item in all its revisions. */
export function referredTo(reference: string): string {
  const urn = readNewsmlUrn(reference)
  return urn === null ? reference : storyUrn(urn)
}
