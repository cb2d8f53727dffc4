import type { Outcome } from '@dateline/story'
import { storyOutcome } from '../story-outcome.ts'
import { leavePath } from '../unmapped.ts'
import type { ParsedItem } from '../wire-format.ts'
import { isEmpty, put } from './json-values.ts'
import type { JsonReading } from './reading.ts'

/** Ends a reading. `known` has the item's properties that were read or say nothing; the others that hold something are named in `unmapped`. */
export function finishReading(reading: JsonReading, known: ReadonlySet<string>, source: string): Outcome<ParsedItem> {
  const { item, story, flags, unmapped } = reading
  for (const key of Object.keys(item))
    if (!known.has(key) && !key.startsWith('_') && !isEmpty(item[key])) leavePath(reading, key)
  put(story, 'unmapped', [...unmapped])
  put(story, 'flags', [...flags])
  return storyOutcome(story, source)
}
