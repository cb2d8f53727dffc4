import { validateReceiptBatch } from '@dateline/contracts'
import { type EventLog, headerText } from '@dateline/ports'
import { readPartition } from '@dateline/runtime'

export interface StoriesReport {
  /** Story keys with the versions that were published, in the order of their first event. */
  readonly versions: ReadonlyMap<string, readonly string[]>
  readonly events: number
  /** Events that are in the log more than once, with the same id, sequence and bytes. */
  readonly repeats: number
  /** What no promise allows, in words. */
  readonly faults: readonly string[]
  /** The newest event per story, as a reader that keeps the highest storyseq ends up with. */
  readonly newest: ReadonlyMap<string, { readonly seq: number; readonly type: string; readonly version: string }>
}

/**
 * Reads all of `stories` and holds it against the promises: ids, sequences and bytes of repeats, and the order within each story.
 * Held events have a sequence too and are not in `stories`: with `hasHeld` gaps are no fault.
 */
export async function checkStories(
  log: EventLog,
  options: { readonly hasHeld?: boolean } = {},
): Promise<StoriesReport> {
  const versions = new Map<string, string[]>()
  const newest = new Map<string, { seq: number; type: string; version: string }>()
  const known = new Map<string, Map<number, { id: string; value: string }>>()
  const faults: string[] = []
  let events = 0
  let repeats = 0
  for (const { partition } of await log.offsets('stories')) {
    for await (const record of readPartition(log, 'stories', partition)) {
      events += 1
      const header = (name: string): string => headerText(record, name) ?? ''
      const key = record.key?.toString('utf8') ?? ''
      const seq = Number(header('ce_storyseq'))
      const event = { id: header('ce_id'), value: record.value?.toString('utf8') ?? '' }
      const seqs = known.get(key) ?? new Map<number, { id: string; value: string }>()
      known.set(key, seqs)
      const before = seqs.get(seq)
      if (before !== undefined) {
        repeats += 1
        if (before.id !== event.id) faults.push(`${key} #${seq}: two events, ${before.id} and ${event.id}`)
        else if (before.value !== event.value) faults.push(`${key} #${seq}: the repeat of ${event.id} has other bytes`)
        continue
      }
      const highest = newest.get(key)
      if (highest !== undefined && seq < highest.seq)
        faults.push(`${key}: sequence ${seq} first appears after ${highest.seq}`)
      if (options.hasHeld !== true && seq !== (highest?.seq ?? 0) + 1)
        faults.push(`${key}: sequence ${seq} follows ${highest?.seq ?? 0}`)
      seqs.set(seq, event)
      newest.set(key, { seq, type: header('ce_type'), version: header('ce_storyversion') })
      versions.set(key, [...(versions.get(key) ?? []), header('ce_storyversion')])
    }
  }
  return { versions, events, repeats, faults, newest }
}

/**
 * Receipts of one item by one writer must agree. The first is final; after a crash the same item may come again, and then it is the same
 * verdict or, of an item that was taken, that of a repeat: never another event, never a change of mind about a reject.
 */
export async function contradictions(log: EventLog): Promise<readonly string[]> {
  const seen = new Map<string, string>()
  const faults: string[] = []
  for (const { partition } of await log.offsets('wire.receipts')) {
    for await (const record of readPartition(log, 'wire.receipts', partition)) {
      const batch: unknown = JSON.parse(record.value?.toString('utf8') ?? 'null')
      if (!validateReceiptBatch(batch)) {
        faults.push(`a receipt that is none at ${partition}/${record.offset}`)
        continue
      }
      const outcomes =
        batch.writer === 'publisher' ? batch.outcomes : batch.messages.flatMap((message) => message.outcomes)
      for (const { position, attempt, outcome, reason, eventId, storySeq } of outcomes) {
        const key = `${batch.writer} ${position} ${attempt}`
        const text = JSON.stringify([outcome, reason, eventId, storySeq])
        const before = seen.get(key)
        if (before !== undefined && before !== text && !isRepeatOf(before, outcome))
          faults.push(`${key}: ${before} and then ${text}`)
        seen.set(key, before ?? text)
      }
    }
  }
  return faults
}

/** A repeat of an item that was taken is told as `duplicate` or `stale`. */
const isRepeatOf = (before: string, outcome: string): boolean =>
  (outcome === 'duplicate' || outcome === 'stale') && !/^\["(?:rejected|ignored)"/.test(before)
