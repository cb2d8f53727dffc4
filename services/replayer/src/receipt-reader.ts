import { type ItemOutcome, type ReceiptBatch, validateReceiptBatch } from '@dateline/contracts'
import type { EventLog } from '@dateline/ports'
import { offsetAt, receiptPartitions } from '@dateline/runtime'
import { itemPosition } from '@dateline/story'

/** What became of an item when it came. */
export interface FirstOutcome {
  readonly outcome: ItemOutcome['outcome']
  readonly storyKey: string | undefined
}

/** First outcomes by item position, from `wire.receipts`. Asked in about the order of arrival it reads each record once. */
export interface ReceiptReader {
  /** The publisher's word, in the partition that its input had. */
  publishedIn(partition: number, position: string, receivedAtMs: number): Promise<FirstOutcome | null>
  /** The normalizer's word, in the partition of the wire topic; `passed` for an item that it let through. null: no receipt is kept. */
  normalizedIn(
    partition: number,
    position: string,
    receivedAtMs: number,
  ): Promise<'rejected' | 'ignored' | 'passed' | null>
}

const topic = 'wire.receipts'
/** Of each partition; the oldest are forgotten first, and read again when they are asked for. */
const mostKnown = 100_000
/** The clocks of brokers differ a little. */
const slackMs = 60_000

interface Known {
  readonly published: Map<string, FirstOutcome>
  readonly normalized: Map<string, 'rejected' | 'ignored' | 'passed'>
  next: number
  /** Nothing that was noted before this time was read. */
  fromMs: number
}

export function createReceiptReader(
  log: EventLog,
  wanted: { readonly feeds: ReadonlySet<string> | null },
): ReceiptReader {
  const partitions = new Map<number, Known>()
  return {
    publishedIn: (partition, position, receivedAtMs) =>
      find(partition % receiptPartitions, receivedAtMs, (known) => known.published.get(position)),
    normalizedIn: (partition, position, receivedAtMs) =>
      find(partition % receiptPartitions, receivedAtMs, (known) => known.normalized.get(position)),
  }

  async function find<T>(
    partition: number,
    receivedAtMs: number,
    look: (known: Known) => T | undefined,
  ): Promise<T | null> {
    const reading = partitions.get(partition)
    const early = reading === undefined ? undefined : look(reading)
    if (early !== undefined) return early
    // What is older than all that was read: begins anew there.
    const isBefore = reading === undefined || receivedAtMs < reading.fromMs
    const known = isBefore ? await begin(partition, receivedAtMs) : reading
    for (;;) {
      const records = await log.read(topic, partition, known.next, { maxRecords: 500, maxBytes: 8_388_608 })
      const last = records.at(-1)
      if (last === undefined) return null
      for (const { value } of records) take(known, value)
      known.next = last.offset + 1
      const now = look(known)
      if (now !== undefined) return now
    }
  }

  async function begin(partition: number, receivedAtMs: number): Promise<Known> {
    const bounds = (await log.offsets(topic)).find((entry) => entry.partition === partition) ?? { low: 0, high: 0 }
    const { low, high } = bounds
    const fromMs = receivedAtMs - slackMs
    const next = await offsetAt(log, { topic, partition, low, high }, fromMs)
    const known: Known = { published: new Map(), normalized: new Map(), next, fromMs }
    partitions.set(partition, known)
    return known
  }

  function take({ published, normalized }: Known, value: Buffer | null): void {
    const batch = parse(value)
    if (batch === null) return
    if (batch.writer === 'publisher') {
      for (const { position, attempt, feed, outcome, storyKey } of batch.outcomes)
        if (attempt === '0' && isWanted(feed)) keep(published, position, { outcome, storyKey })
      return
    }
    for (const message of batch.messages) {
      if (message.attempt !== '0' || !isWanted(message.feed)) continue
      const own = new Map(message.outcomes.map(({ position, outcome }) => [position, outcome]))
      for (let index = 0; index < message.items; index += 1) {
        const at = itemPosition(message.position, index)
        const outcome = own.get(at)
        keep(normalized, at, outcome === 'rejected' || outcome === 'ignored' ? outcome : 'passed')
      }
    }
  }

  function isWanted(feed: string): boolean {
    return wanted.feeds === null || wanted.feeds.has(feed)
  }
}

/** The first one stands. */
function keep<T>(known: Map<string, T>, position: string, value: T): void {
  if (known.has(position)) return
  known.set(position, value)
  if (known.size <= mostKnown) return
  const [oldest] = known.keys()
  if (oldest !== undefined) known.delete(oldest)
}

function parse(value: Buffer | null): ReceiptBatch | null {
  try {
    const batch: unknown = JSON.parse(value?.toString('utf8') ?? 'null')
    return validateReceiptBatch(batch) ? batch : null
  } catch {
    return null
  }
}
