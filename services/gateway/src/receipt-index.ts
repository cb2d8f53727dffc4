import type { ItemOutcome, ReceiptBatch } from '@dateline/contracts'
import { parsePosition, type ReceiptWriter, takesPlace } from '@dateline/story'

export type KnownOutcome = Pick<
  ItemOutcome,
  'outcome' | 'reason' | 'detail' | 'storyKey' | 'eventId' | 'storySeq' | 'version'
>

export interface Receipt {
  readonly position: string
  readonly feed: string
  readonly receivedAt: string
  /** The sender's own reference. */
  readonly reference: string | undefined
  /** null until the normalizer has said how many. */
  readonly items: number | null
  /** In the order of the message; null for an item whose outcome is not known yet. */
  readonly outcomes: readonly (KnownOutcome | null)[]
  readonly isSettled: boolean
}

interface Entry {
  readonly position: string
  readonly feed: string
  readonly receivedAt: string
  reference: string | undefined
  items: number | null
  readonly outcomes: (KnownOutcome | undefined)[]
  readonly writers: (ReceiptWriter | undefined)[]
  known: number
  /** Its place in the order of settling; null before. */
  settledAs: number | null
  isForgotten: boolean
}

export interface ReceiptIndex {
  add(batch: ReceiptBatch): void
  get(position: string): Receipt | null
  /** Settled receipts of a feed in the order in which they were settled here, from behind `after` on. */
  ofFeed(
    feed: string,
    options: { readonly outcome?: string; readonly after?: string; readonly limit: number },
  ): readonly Receipt[]
  /** Resolves with the receipt when every item has its outcome, or with what is known when the time is over or the signal aborts. */
  settled(position: string, waitMs: number, signal?: AbortSignal): Promise<Receipt | null>
  /** Messages received at or before this time (milliseconds since 1970) may be forgotten. */
  forgottenUpToMs(): number
  /** What came at or before this time is not going to be added. */
  startBehind(timeMs: number): void
}

/** More items than a message of 8 MB can hold. */
const mostItems = 1_000_000

/**
 * What is known of the newest messages: as many as have `most` outcomes together. Later attempts (replays, retries) are counted apart
 * and change nothing here.
 */
export function createReceiptIndex(most = 150_000): ReceiptIndex {
  const entries = new Map<string, Entry>()
  const settledOf = new Map<string, { list: Entry[]; pruneAt: number }>()
  const waiting = new Map<string, Set<() => void>>()
  let held = 0
  let settledCount = 0
  let forgottenUpToMs = 0
  return {
    add(batch) {
      if (batch.writer === 'publisher') {
        for (const outcome of batch.outcomes) if (outcome.attempt === '0') note(outcome, 'publisher')
      } else
        for (const message of batch.messages) {
          if (message.attempt !== '0') continue
          const entry = entryOf(message.position, message.feed, message.receivedAt)
          entry.reference ??= message.reference
          entry.items ??= Math.min(message.items, mostItems)
          for (const outcome of message.outcomes) note(outcome, 'normalizer')
          tell(entry)
        }
      forgetOldest()
    },
    get: (position) => receiptOf(entries.get(position)),
    ofFeed(feed, { outcome, after, limit }) {
      const found: Receipt[] = []
      const list = settledOf.get(feed)?.list ?? []
      const order = after === undefined ? null : (entries.get(after)?.settledAs ?? null)
      for (let at = order === null ? 0 : firstBehind(list, order); at < list.length && found.length < limit; at += 1) {
        const entry = list[at]
        if (entry === undefined || entry.isForgotten) continue
        if (outcome !== undefined && !entry.outcomes.some((known) => known?.outcome === outcome)) continue
        const receipt = receiptOf(entry)
        if (receipt !== null) found.push(receipt)
      }
      return found
    },
    settled(position, waitMs, signal) {
      const known = receiptOf(entries.get(position))
      if (known?.isSettled || waitMs <= 0 || signal?.aborted) return Promise.resolve(known)
      return new Promise((resolve) => {
        const listeners = waiting.get(position) ?? new Set()
        waiting.set(position, listeners)
        const done = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          listeners.delete(done)
          if (listeners.size === 0) waiting.delete(position)
          resolve(receiptOf(entries.get(position)))
        }
        const timer = setTimeout(done, waitMs)
        signal?.addEventListener('abort', done)
        listeners.add(done)
      })
    },
    forgottenUpToMs: () => forgottenUpToMs,
    startBehind(timeMs) {
      forgottenUpToMs = Math.max(forgottenUpToMs, timeMs)
    },
  }

  function entryOf(position: string, feed: string, receivedAt: string): Entry {
    const known = entries.get(position)
    if (known !== undefined) return known
    const entry: Entry = {
      position,
      feed,
      receivedAt,
      reference: undefined,
      items: null,
      outcomes: [],
      writers: [],
      known: 0,
      settledAs: null,
      isForgotten: false,
    }
    entries.set(position, entry)
    held += 1
    return entry
  }

  function note(outcome: ItemOutcome, writer: ReceiptWriter): void {
    const at = parsePosition(outcome.position)
    if (at === null || at.index === null || at.index >= mostItems) return
    const position = outcome.position.slice(0, outcome.position.lastIndexOf('#'))
    const entry = entryOf(position, outcome.feed, outcome.receivedAt)
    if (!takesPlace(writer, entry.writers[at.index])) return
    if (entry.outcomes[at.index] === undefined) {
      entry.known += 1
      held += 1
    }
    const { position: _position, attempt: _attempt, receivedAt: _receivedAt, feed: _feed, ...known } = outcome
    entry.writers[at.index] = writer
    entry.outcomes[at.index] = known
    if (writer === 'publisher') tell(entry)
  }

  function forgetOldest(): void {
    for (const [position, oldest] of entries) {
      if (held <= most || entries.size === 1) return
      entries.delete(position)
      held -= 1 + oldest.known
      oldest.isForgotten = true
      forgottenUpToMs = Math.max(forgottenUpToMs, Date.parse(oldest.receivedAt) || 0)
    }
  }

  /** The order of settling is kept, and those who wait for it are told. */
  function tell(entry: Entry): void {
    if (entry.settledAs !== null || entry.items === null || entry.known < entry.items) return
    entry.settledAs = settledCount++
    const settled = settledOf.get(entry.feed) ?? { list: [], pruneAt: 1_024 }
    settledOf.set(entry.feed, settled)
    settled.list.push(entry)
    if (settled.list.length >= settled.pruneAt) {
      settled.list = settled.list.filter((one) => !one.isForgotten)
      settled.pruneAt = settled.list.length * 2 + 1_024
    }
    for (const done of [...(waiting.get(entry.position) ?? [])]) done()
  }
}

function receiptOf(entry: Entry | undefined): Receipt | null {
  if (entry === undefined) return null
  const { position, feed, receivedAt, reference, items } = entry
  const outcomes = Array.from(
    { length: Math.max(items ?? 0, entry.outcomes.length) },
    (_unused, index) => entry.outcomes[index] ?? null,
  )
  return { position, feed, receivedAt, reference, items, outcomes, isSettled: entry.settledAs !== null }
}

/** Index of the first entry that settled behind this one. */
function firstBehind(list: readonly Entry[], order: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.settledAs ?? 0) <= order) low = middle + 1
    else high = middle
  }
  return low
}
