import { textOf } from './json-values.ts'
import type { JsonReading } from './reading.ts'

/** "cancelled" is the spelling of planning items, and seen for news too. */
const statuses: ReadonlyMap<string, 'usable' | 'withheld' | 'canceled'> = new Map([
  ['usable', 'usable'],
  ['withheld', 'withheld'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
])

/** Puts a status as sent, `stat:usable` or `USABLE`; flags one that is not known. True: it says embargoed, which is no status of ours. */
export function putPubStatus({ story, flags }: JsonReading, sent: unknown): boolean {
  const text = textOf(sent)?.toLowerCase()
  if (text === undefined) return false
  const code = text.slice(text.lastIndexOf(':') + 1)
  if (code === 'embargoed') return true
  const status = statuses.get(code)
  if (status === undefined) flags.add('pubstatus-unknown')
  else story.pubStatus = status
  return false
}
