import { type Instant, readInstant } from '../dates.ts'

/** When a message was sent, and by whom where that is said. */
export interface Stamp {
  readonly instant: Instant
  /** "AP" of "AP-WF-11-13-13 1509GMT". */
  readonly agency?: string
}

/** AP: month first. "AP-WF-11-13-13 1509GMT" */
const american = /^([A-Z]{2,8})-[A-Z]{2,4}-(\d\d)-(\d\d)-(\d\d)\s+(\d\d)(\d\d)\s?([A-Z]{3,4})?/
/** Kyodo: day first. "KST-21:37-09-12-18" */
const kyodo = /^([A-Z]{2,4})-(\d\d):(\d\d)-(\d\d)-(\d\d)-(\d\d)/
/** AAP: day first. "09-02-17 14-05-33" */
const australian = /^(\d\d)-(\d\d)-(\d\d) (\d\d)-(\d\d)-(\d\d)/

const offsets: ReadonlyMap<string, string> = new Map([
  ['GMT', 'Z'],
  ['UTC', 'Z'],
  ['EST', '-05:00'],
  ['EDT', '-04:00'],
  ['CST', '-06:00'],
  ['CDT', '-05:00'],
  ['MST', '-07:00'],
  ['MDT', '-06:00'],
  ['PST', '-08:00'],
  ['PDT', '-07:00'],
  ['CET', '+01:00'],
  ['CEST', '+02:00'],
  ['KST', '+09:00'],
  ['JST', '+09:00'],
])

/** True for a line that begins as stamps do. */
export const isStamp = (line: string): boolean => american.test(line) || kyodo.test(line) || australian.test(line)

/** The stamp behind ETX; null when a line begins with none, or with a day or hour that there is not. */
export function readStamp(line: string, timezone: string | undefined): Stamp | null {
  const ap = american.exec(line)
  if (ap !== null) {
    const [, agency = '', month, day, year = '', hour, minute, zone] = ap
    const instant = at(`${century(year)}-${month}-${day}T${hour}:${minute}`, zone, timezone)
    return instant === null ? null : { instant, agency }
  }
  const [, zone, hour, minute, day, month, year = ''] = kyodo.exec(line) ?? []
  if (day !== undefined) return stampOf(at(`${century(year)}-${month}-${day}T${hour}:${minute}`, zone, timezone))
  const aap = australian.exec(line)
  if (aap === null) return null
  return stampOf(at(`${century(aap[3] ?? '')}-${aap[2]}-${aap[1]}T${aap[4]}:${aap[5]}:${aap[6]}`, undefined, timezone))
}

const stampOf = (instant: Instant | null): Stamp | null => (instant === null ? null : { instant })

/** Letters that name no zone, as Kyodo's "KWS", leave that of the feed. */
const at = (local: string, zone: string | undefined, timezone: string | undefined): Instant | null =>
  readInstant(local + (zone === undefined ? '' : (offsets.get(zone) ?? '')), timezone)

const century = (digits: string): string => `${digits < '70' ? '20' : '19'}${digits}`
