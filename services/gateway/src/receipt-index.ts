import type { ItemOutcome, ReceiptBatch } from '@dateline/contracts'
import { parsePosition, type ReceiptWriter, takesPlace } from '@dateline/story'

export interface Receipt {
  readonly position: string
  readonly feed: string
  readonly receivedAt: string
  /** null until the normalizer has said how many. */
  readonly items: number | null
  /** In the order of the message; null for an item whose outcome is not known yet. */
  readonly outcomes: readonly (ItemOutcome | null)[]
  readonly isSettled: boolean
}

interface Entry {
  feed: string
  receivedAt: string
  items: number | null
  outcomes: (ItemOutcome | null)[]
  writers: (ReceiptWriter | undefined)[]
}

export interface ReceiptIndex {
  add(batch: ReceiptBatch): void
  get(position: string): Receipt | null
  /** Receipts of a feed in the order they became known, from behind `after` on. */
  ofFeed(
    feed: string,
    options: { readonly outcome?: string; readonly after?: string; readonly limit: number },
  ): readonly Receipt[]
  /** Resolves with the receipt when every item has its outcome, or with what is known when the time is over. */
  settled(position: string, waitMs: number): Promise<Receipt | null>
}

/** What is known of the newest `most` messages. Later attempts (replays, retries) are counted apart and change nothing here. */
export function createReceiptIndex(most = 100_000): ReceiptIndex {
  const entries = new Map<string, Entry>()
  const waiting = new Map<string, Set<() => void>>()
  return {
    add(batch) {
      if (batch.writer === 'publisher') {
        for (const outcome of batch.outcomes) if (outcome.attempt === '0') note(outcome, 'publisher')
        return
      }
      for (const message of batch.messages) {
        if (message.attempt !== '0') continue
        const entry = entryOf(message.position, message.feed, message.receivedAt)
        entry.items ??= message.items
        for (const outcome of message.outcomes) note(outcome, 'normalizer')
        tell(message.position)
      }
    },
    get: receiptOf,
    ofFeed(feed, { outcome, after, limit }) {
      const found: Receipt[] = []
      let isBehind = after === undefined || !entries.has(after)
      for (const [position, entry] of entries) {
        if (
          isBehind &&
          entry.feed === feed &&
          (outcome === undefined || entry.outcomes.some((known) => known?.outcome === outcome))
        ) {
          const receipt = receiptOf(position)
          if (receipt !== null) found.push(receipt)
          if (found.length >= limit) break
        }
        if (position === after) isBehind = true
      }
      return found
    },
    settled(position, waitMs) {
      const known = receiptOf(position)
      if (known?.isSettled) return Promise.resolve(known)
      return new Promise((resolve) => {
        const listeners = waiting.get(position) ?? new Set()
        waiting.set(position, listeners)
        const done = (): void => {
          clearTimeout(timer)
          listeners.delete(look)
          if (listeners.size === 0) waiting.delete(position)
          resolve(receiptOf(position))
        }
        const look = (): void => {
          if (receiptOf(position)?.isSettled) done()
        }
        const timer = setTimeout(done, waitMs)
        listeners.add(look)
      })
    },
  }

  function entryOf(position: string, feed: string, receivedAt: string): Entry {
    const known = entries.get(position)
    if (known !== undefined) return known
    const entry: Entry = { feed, receivedAt, items: null, outcomes: [], writers: [] }
    entries.set(position, entry)
    if (entries.size > most) {
      const oldest = entries.keys().next().value
      if (oldest !== undefined) entries.delete(oldest)
    }
    return entry
  }

  function note(outcome: ItemOutcome, writer: ReceiptWriter): void {
    const hash = outcome.position.lastIndexOf('#')
    const position = outcome.position.slice(0, hash)
    const index = parsePosition(outcome.position)?.index
    if (index === undefined || index === null) return
    const entry = entryOf(position, outcome.feed, outcome.receivedAt)
    if (!takesPlace(writer, entry.writers[index])) return
    entry.writers[index] = writer
    entry.outcomes[index] = outcome
    if (writer === 'publisher') tell(position)
  }

  function tell(position: string): void {
    for (const look of waiting.get(position) ?? []) look()
  }

  function receiptOf(position: string): Receipt | null {
    const entry = entries.get(position)
    if (entry === undefined) return null
    const outcomes = Array.from(
      { length: Math.max(entry.items ?? 0, entry.outcomes.length) },
      (_unused, index) => entry.outcomes[index] ?? null,
    )
    return {
      position,
      feed: entry.feed,
      receivedAt: entry.receivedAt,
      items: entry.items,
      outcomes,
      isSettled: entry.items !== null && outcomes.every((outcome) => outcome !== null),
    }
  }
}
