import type { Story } from '@dateline/story'
import { readInstant, timeFlags } from '../dates.ts'
import { type Draft, first, type JsonObject, textOf } from './json-values.ts'

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

export const startReading = (item: JsonObject, timezone: string | undefined): JsonReading => ({
  item,
  story: {},
  timezone,
  flags: new Set(),
  unmapped: new Set(),
})

type InstantKey = 'versionCreated' | 'firstCreated' | 'contentCreated' | 'expires'

/** Sets an instant from the first of these properties that is there; flags one that cannot be read. */
export function putInstant(
  { item, story, timezone, flags }: JsonReading,
  key: InstantKey,
  ...names: readonly string[]
): void {
  const text = textOf(first(item, ...names))
  if (text === undefined) return
  const read = readInstant(text, timezone)
  if (read === null) {
    flags.add('time-unreadable')
    return
  }
  for (const flag of timeFlags(read)) flags.add(flag)
  story[key] = read.instant
}

/**
 * An embargo as sent. Empty, or a status that says held without a date: until further notice. One that cannot be read holds too: a story
 * late is better than a story early. null and absent say nothing.
 */
export function putEmbargo({ story, timezone, flags }: JsonReading, sent: unknown, isHeld: boolean): void {
  const text = textOf(sent)
  if (text === undefined) {
    if (isHeld || sent === '') story.embargoed = 'indefinite'
    return
  }
  const read = readInstant(text, timezone)
  story.embargoed = read?.instant ?? 'indefinite'
  for (const flag of read === null ? ['embargo-unreadable'] : timeFlags(read)) flags.add(flag)
}
