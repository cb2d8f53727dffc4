import type { OutcomeKind, ReceiptBatch } from '@dateline/contracts'
import { parsePosition, type ReceiptWriter, takesPlace } from '@dateline/story'

/** One wire topic's partition as the log has it, and what the receipts say of its messages. */
export interface LedgerPartition {
  readonly feed: string
  readonly topic: string
  readonly logId: string
  readonly partition: number
}

export interface LedgerMessage {
  readonly at: LedgerPartition
  readonly offset: number
  readonly hour: string
  /** null: no receipt says how many. */
  readonly items: number | null
  readonly outcomes: readonly (OutcomeKind | null)[]
}

interface Entry {
  hourIndex: number
  items: number
  writers: (ReceiptWriter | undefined)[]
  outcomes: (OutcomeKind | undefined)[]
}

/** Messages by position, then receipts in the order of their topic; `messages` puts the two together. First attempts only: replays are counted apart. */
export function createLedger() {
  const partitions = new Map<string, { at: LedgerPartition; entries: Map<number, Entry> }>()
  const hours: string[] = []
  const hourIndexes = new Map<string, number>()
  return {
    received(at: LedgerPartition, offset: number, timeMs: number): void {
      const key = partitionKey(at)
      const held = partitions.get(key) ?? { at, entries: new Map<number, Entry>() }
      partitions.set(key, held)
      held.entries.set(offset, { hourIndex: hourIndex(timeMs), items: 0, writers: [], outcomes: [] })
    },
    receipt(batch: ReceiptBatch): void {
      if (batch.writer === 'publisher') {
        for (const outcome of batch.outcomes)
          if (outcome.attempt === '0') note(outcome.position, outcome.outcome, 'publisher')
        return
      }
      for (const message of batch.messages) {
        if (message.attempt !== '0') continue
        const entry = find(message.position)
        if (entry !== null && entry.items === 0) entry.items = message.items
        for (const outcome of message.outcomes) note(outcome.position, outcome.outcome, 'normalizer')
      }
    },
    *messages(): Generator<LedgerMessage> {
      for (const { at, entries } of partitions.values()) {
        for (const [offset, entry] of entries) {
          const count = Math.max(entry.items, 1)
          yield {
            at,
            offset,
            hour: hours[entry.hourIndex] ?? '',
            items: entry.items === 0 ? null : entry.items,
            outcomes: Array.from({ length: count }, (_unused, index) => entry.outcomes[index] ?? null),
          }
        }
      }
    },
  }

  function note(position: string, outcome: OutcomeKind, writer: ReceiptWriter): void {
    const entry = find(position)
    const index = parsePosition(position)?.index ?? 0
    if (entry === null || !takesPlace(writer, entry.writers[index])) return
    entry.writers[index] = writer
    entry.outcomes[index] = outcome
  }

  function find(position: string): Entry | null {
    const parsed = parsePosition(position)
    return parsed === null ? null : (partitions.get(partitionKey(parsed))?.entries.get(parsed.offset) ?? null)
  }

  function hourIndex(timeMs: number): number {
    const hour = `${new Date(timeMs).toISOString().slice(0, 13)}:00Z`
    const known = hourIndexes.get(hour)
    if (known !== undefined) return known
    hourIndexes.set(hour, hours.push(hour) - 1)
    return hours.length - 1
  }
}

const partitionKey = (at: { readonly topic: string; readonly logId: string; readonly partition: number }): string =>
  `${at.topic}@${at.logId}/${at.partition}`
