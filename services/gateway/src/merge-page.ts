import type { Cursor } from './cursor.ts'
import type { StoryEntry } from './story-entry.ts'

/** What is at hand of one partition, from the cursor on and without a hole. */
export interface Waiting {
  readonly entries: readonly StoryEntry[]
  /** There is more behind it. */
  readonly isCut: boolean
}

export interface Page {
  /** Each with the cursor behind it. */
  readonly entries: readonly { readonly entry: StoryEntry; readonly after: Cursor }[]
  /** Behind the last entry; the cursor that was given where there is none. */
  readonly next: Cursor
  /** There is more to be had at once. */
  readonly more: boolean
}

/**
 * The oldest stories over all partitions. A cursor moves in a partition only past entries that are on the page, so nothing is skipped,
 * whatever is cut where. A page ends where a cut partition runs out: what follows there may be older than what others still have.
 */
export function mergePage(
  waiting: readonly Waiting[],
  cursor: Cursor,
  limits: { readonly maxEntries: number; readonly maxBytes: number },
): Page {
  const at = waiting.map(() => 0)
  const next = [...cursor.next]
  const entries: { entry: StoryEntry; after: Cursor }[] = []
  let bytes = 0
  while (!waiting.some(({ entries: list, isCut }, partition) => isCut && at[partition] === list.length)) {
    const entry = oldestOf(waiting, at)
    if (entry === undefined) return { entries, next: { logId: cursor.logId, next }, more: false }
    bytes += entry.event.byteLength
    if (entries.length >= limits.maxEntries || (bytes > limits.maxBytes && entries.length > 0)) break
    at[entry.partition] = (at[entry.partition] ?? 0) + 1
    next[entry.partition] = entry.offset + 1
    entries.push({ entry, after: { logId: cursor.logId, next: [...next] } })
  }
  return { entries, next: { logId: cursor.logId, next }, more: true }
}

function oldestOf(waiting: readonly Waiting[], at: readonly number[]): StoryEntry | undefined {
  let oldest: StoryEntry | undefined
  waiting.forEach(({ entries }, partition) => {
    const entry = entries[at[partition] ?? 0]
    if (entry !== undefined && (oldest === undefined || entry.timeMs < oldest.timeMs)) oldest = entry
  })
  return oldest
}
