import type { Story } from '@dateline/story'
import { readInstant, timeFlags } from '../dates.ts'
import { type Draft, first, isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'

/** Events and planning items are cancelled, news items canceled; both are seen for both. */
const statuses: ReadonlyMap<string, NonNullable<Story['pubStatus']>> = new Map([
  ['usable', 'usable'],
  ['withheld', 'withheld'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
])

/** Puts status, embargo, urgency and signals into the story; answers with the flags to set. */
export function putStatus(document: JsonObject, story: Draft<Story>, timezone: string | undefined): readonly string[] {
  const sent = textOf(first(document, 'pubStatus', 'pubstatus'))?.toLowerCase()
  const pubStatus = sent === undefined ? undefined : statuses.get(sent)
  const isKnown = sent === undefined || sent === 'embargoed' || pubStatus !== undefined
  const embargo = embargoIn(document, sent === 'embargoed', timezone)
  const signals = signalsIn(document)
  const urgency = textOf(document.urgency)
  put(story, 'pubStatus', pubStatus)
  put(story, 'embargoed', embargo.embargoed)
  put(story, 'urgency', urgency !== undefined && /^[1-9](?:\.0+)?$/.test(urgency) ? Number(urgency) : undefined)
  put(story, 'supplierUrgency', urgency ?? textOf(document.priority))
  put(story, 'signals', signals)
  put(story, 'change', changeIn(signals))
  return isKnown ? embargo.flags : ['pubstatus-unknown', ...embargo.flags]
}

/**
 * ninjs has no word for an embargo without a date. An empty one holds for ever, as in NewsML-G2, unless the supplier sends empty texts
 * for all that it does not know (Fingerpost). One that cannot be read holds too: a story late is better than a story early.
 */
function embargoIn(document: JsonObject, isHeld: boolean, timezone: string | undefined) {
  const sent = first(document, 'embargoedUntil', 'embargoeduntil', 'embargoed')
  const text = textOf(sent)
  if (text !== undefined) {
    const read = readInstant(text, timezone)
    if (read === null) return { embargoed: 'indefinite', flags: ['embargo-unreadable'] }
    return { embargoed: read.instant, flags: timeFlags(read) }
  }
  const isEmpty = sent === '' && Object.values(document).filter((value) => value === '').length === 1
  return { embargoed: isHeld || isEmpty ? 'indefinite' : undefined, flags: [] }
}

/** Superdesk: a list of {code, name}; TT: one object of names and values ("updatetype:KORR"); others: texts. */
function signalsIn(document: JsonObject): string[] {
  const all = [...listOf(document.signal), ...listOf(document.signals)]
  return [...new Set(all.flatMap(codesOf).map((code) => code.replace(/\s+/g, '-')))]
}

function codesOf(signal: unknown): string[] {
  const code = textOf(isObject(signal) ? first(signal, 'qcode', 'code', 'uri', 'literal', 'name') : signal)
  if (code !== undefined) return [code]
  if (!isObject(signal)) return []
  return Object.entries(signal).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [`${name}:${value}`] : [],
  )
}

function changeIn(signals: readonly string[]): Story['change'] {
  if (signals.some((signal) => /(?:^|[:/])(?:correction|corrected|corrective)$|^edStat:C$/i.test(signal)))
    return 'correction'
  if (signals.some((signal) => /(?:^|[:/])(?:repeat|refile)$/i.test(signal))) return 'repeat'
  return undefined
}
