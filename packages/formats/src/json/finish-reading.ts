import type { Outcome } from '@dateline/story'
import { storyOutcome } from '../story-outcome.ts'
import type { ParsedItem } from '../wire-format.ts'
import { put } from './json-values.ts'
import type { JsonReading } from './reading.ts'

const mostUnmapped = 50

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Ends a reading. `known` has the item's properties that were read or say nothing; the others that hold something are named in `unmapped`. */
export function finishReading(reading: JsonReading, known: ReadonlySet<string>, source: string): Outcome<ParsedItem> {
  const { item, story, flags, unmapped } = reading
  for (const key of Object.keys(item)) {
    if (unmapped.size >= mostUnmapped) break
    if (!known.has(key) && !key.startsWith('_') && !isEmpty(item[key])) unmapped.add(key)
  }
  put(story, 'unmapped', [...unmapped])
  put(story, 'flags', [...flags])
  return storyOutcome(story, source)
}
