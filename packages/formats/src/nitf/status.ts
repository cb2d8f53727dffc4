import type { Story } from '@dateline/story'
import { embargoEnd } from '../flagged-time.ts'
import type { Reading } from './reading.ts'

/** "cancelled" is the spelling of planning items, and seen for news too. */
const statuses: ReadonlyMap<string, NonNullable<Story['pubStatus']>> = new Map([
  ['usable', 'usable'],
  ['withheld', 'withheld'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
])

/** The document's own status, and its embargo: what is to be released holds every version until then. */
export function putStatus(reading: Reading): void {
  const { story, facts, flags } = reading
  const { status } = facts
  if (status !== undefined) {
    const known = statuses.get(status)
    if (known !== undefined) story.pubStatus = known
    else if (status !== 'embargoed') flags.add('pubstatus-unknown')
  }
  putEmbargo(reading)
}

/**
 * A date of release is an embargo until then, one that cannot be read an embargo until further notice. Where there is none, the document
 * may be released on receipt (NITF 3.6), unless its status says `embargoed`; so too where both are said and the release is the issue: AAP
 * and ANSA set that in every document.
 */
function putEmbargo(reading: Reading): void {
  const { story, facts } = reading
  const isEmbargoed = facts.status === 'embargoed'
  if (facts.released === undefined && !isEmbargoed) return
  const release = embargoEnd(facts.released, reading)
  story.embargoed = isEmbargoed && isSameTime(release, story.versionCreated) ? 'indefinite' : release
}

const isSameTime = (a: string, b: string | undefined): boolean => b !== undefined && Date.parse(a) === Date.parse(b)

/** What a document does to another one. */
export interface Concern {
  readonly id: string
  /** Absent: the document takes the place of the other. */
  readonly pubStatus?: 'canceled' | 'withheld'
}

/**
 * `management-doc-idref` and its status. A canceled document that refers to another without a status cancels that one; a usable one
 * is its update. null where no other document is concerned, or where it is said to be usable or embargoed: only its own versions can say that.
 */
export function concernOf({ story, facts }: Reading, id: string | undefined): Concern | null {
  if (id === undefined) return null
  const status = statuses.get(facts.concernedStatus ?? facts.status ?? 'usable')
  if (status === 'canceled' || status === 'withheld') return { id, pubStatus: status }
  return status === 'usable' && facts.concernedStatus === undefined && id !== story.id ? { id } : null
}
