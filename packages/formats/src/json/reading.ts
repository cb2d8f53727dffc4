import type { Story } from '@dateline/story'
import { embargoEnd, instantOf } from '../flagged-time.ts'
import { type Draft, first, type JsonObject, put, textOf } from './json-values.ts'

/** A JSON item while it is read: what was sent, and the story as far as it is known. */
export interface JsonReading {
  readonly item: JsonObject
  readonly story: Draft<Story>
  /** IANA zone of times that carry none. */
  readonly timezone: string | undefined
  readonly flags: Set<string>
  /** Names of what the story has no place for. */
  readonly unmapped: Set<string>
}

export const startReading = (
  item: JsonObject,
  { isMended, timezone }: { readonly isMended: boolean; readonly timezone: string | undefined },
): JsonReading => ({
  item,
  story: {},
  timezone,
  flags: new Set(isMended ? ['control-characters-mended'] : []),
  unmapped: new Set(),
})

type InstantKey = 'versionCreated' | 'firstCreated' | 'contentCreated' | 'expires'

/** Sets an instant from the first of these properties that is there; flags one that cannot be read. */
export function putInstant(reading: JsonReading, key: InstantKey, ...names: readonly string[]): void {
  put(reading.story, key, instantOf(textOf(first(reading.item, ...names)), reading))
}

/** An embargo as sent. Empty, or a status that says held without a date: until further notice. null and absent say nothing. */
export function putEmbargo(reading: JsonReading, sent: unknown, isHeld: boolean): void {
  const text = textOf(sent)
  if (text !== undefined || isHeld || sent === '') reading.story.embargoed = embargoEnd(text, reading)
}
