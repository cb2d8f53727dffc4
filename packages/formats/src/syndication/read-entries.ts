import { ignore, type Outcome, pass, reject } from '@dateline/story'
import type { ParsedItem } from '../wire-format.ts'

const mostEntries = 2_000

/** The entries of a feed, each with its own outcome. A feed without any is in order: there was nothing new. */
export function readEntries<T>(
  entries: readonly T[],
  read: (entry: T) => Outcome<ParsedItem>,
): Outcome<readonly Outcome<ParsedItem>[]> {
  if (entries.length === 0) return ignore('heartbeat', 'a feed without entries')
  if (entries.length > mostEntries) return reject('too-complex', `more than ${mostEntries} entries`)
  return pass(entries.map(read))
}
