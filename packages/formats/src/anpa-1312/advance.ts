import { readInstant, timeFlags } from '../dates.ts'
import { localDay } from '../local-day.ts'

export interface Advance {
  /** RFC 3339, or `indefinite`. */
  readonly embargoed: string
  readonly flags: readonly string[]
}

const named = /\badv\s?(\d{1,2})?/i
const held = /\b(?:HFR|hold for release)\b/i

/**
 * "Adv29": not for use before the next 29th, counted from when the message was sent; "HFR": until further notice. null where the version says neither.
 */
export function readAdvance(version: string, sentAtMs: number, timezone = 'UTC'): Advance | null {
  const found = named.exec(version)
  if (found === null) return held.test(version) ? { embargoed: 'indefinite', flags: [] } : null
  const day = Number(found[1] ?? 0)
  const sent = localDay(sentAtMs, timezone)
  for (let ahead = 0; ahead < 62 && day > 0; ahead++) {
    const date = sent.add({ days: ahead })
    if (date.day !== day) continue
    const read = readInstant(date.toString(), timezone)
    if (read !== null) return { embargoed: read.instant, flags: [...timeFlags(read), 'embargo-date-assumed'] }
  }
  return { embargoed: 'indefinite', flags: ['embargo-unreadable'] }
}
