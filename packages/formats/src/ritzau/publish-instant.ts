import { readInstant } from '../dates.ts'
import { textOf } from '../json/json-values.ts'

/** As the service's JSON writes dates: milliseconds since 1970, with the offset of its clock: "/Date(1768892400000+0100)/". */
const ticks = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/
const latestMs = 8_640_000_000_000_000

/** When an item was published: local time in Denmark unless the feed says otherwise. Undefined where there is none, null where it cannot be read. */
export function publishInstant(sent: unknown, timezone: string | undefined): string | null | undefined {
  const text = textOf(sent)
  if (text === undefined) return undefined
  const found = ticks.exec(text)
  if (found === null) return readInstant(text, timezone ?? 'Europe/Copenhagen')?.instant ?? null
  const ms = Number(found[1])
  return Math.abs(ms) <= latestMs && ms >= 0 ? new Date(ms).toISOString() : null
}
