import type { Consumption, EventLog, LogRecord, TransientFault } from '@dateline/ports'
import { logIdOf, patiently, storyPartitions } from '@dateline/runtime'
import type { Cursor } from './cursor.ts'
import { mergePage, type Page, type Waiting } from './merge-page.ts'
import { type StoryEntry, storyEntry } from './story-entry.ts'

const topic = 'stories'

export interface StoryWindow {
  start(): Promise<void>
  stop(deadlineMs: number): Promise<void>
  /** The oldest position that the log still has. */
  earliest(): Promise<Cursor>
  /** Behind the newest story known. */
  latest(): Cursor
  /** Whether the log still has all that follows the cursor, and had what comes before it. */
  reaches(cursor: Cursor): Promise<boolean>
  /** Stories from the cursor on, oldest first; from memory while that lasts, else from the log. null when some are no longer kept. */
  page(cursor: Cursor, limit: number): Promise<Page | null>
  /** The newest event of a story in memory; undefined is no proof that there is none. */
  newestOf(key: string): StoryEntry | undefined
  /** Grows whenever something came. */
  readonly arrivals: number
  /** True as soon as something has come since then; false when the time is over or the signal aborts. */
  arrived(since: number, options: { readonly waitMs: number; readonly signal: AbortSignal }): Promise<boolean>
}

export interface StoryWindowOptions {
  /** Of events in memory; about a quarter more is used. */
  readonly maxBytes?: number
  readonly maxPageBytes?: number
  readonly onFailed: (error: unknown) => void
  readonly onFault?: (fault: TransientFault) => void
}

/** What an entry takes besides its event. */
const overheadBytes = 400

interface Held {
  readonly entries: StoryEntry[]
  bytes: number
  /** Everything below was seen. */
  next: number
}

/** Follows `stories` and keeps its newest part in memory, bounded by bytes. Every reader of this gateway is served from here. */
export function createStoryWindow(log: EventLog, options: StoryWindowOptions): StoryWindow {
  const maxBytesEach = (options.maxBytes ?? 100_663_296) / storyPartitions
  const maxPageBytes = options.maxPageBytes ?? 8_388_608
  const partitions: readonly Held[] = Array.from({ length: storyPartitions }, () => ({
    entries: [],
    bytes: 0,
    next: 0,
  }))
  const listeners = new Set<() => void>()
  const stopping = new AbortController()
  const patience = { signal: stopping.signal, ...(options.onFault === undefined ? {} : { onFault: options.onFault }) }
  let logId = ''
  let arrivals = 0
  let consumption: Consumption | null = null
  return {
    async start() {
      logId = await patiently(() => logIdOf(log, topic), patience)
      for (const { partition, high } of await patiently(() => log.offsets(topic), patience)) {
        const held = partitions[partition]
        if (held !== undefined) held.next = high
      }
      consumption = await patiently(
        () =>
          log.consume({
            group: null,
            topics: [topic],
            startAt: async ({ partition, high }) => partitions[partition]?.next ?? high,
            maxRecords: 500,
            concurrency: storyPartitions,
            handle: async (batch) => take(batch.partition, batch.records, batch.next),
          }),
        patience,
      )
      consumption.ended.catch(options.onFailed)
    },
    async stop(deadlineMs) {
      stopping.abort()
      for (const tell of [...listeners]) tell()
      await consumption?.stop(deadlineMs)
    },
    earliest,
    latest: () => ({ logId, next: partitions.map((held) => held.next) }),
    async reaches(cursor) {
      if (cursor.logId !== logId) return false
      if (cursor.next.every(isInMemory)) return true
      const offsets = await log.offsets(topic)
      return cursor.next.every((offset, partition) => {
        const { low = 0, high = 0 } = offsets[partition] ?? {}
        return offset >= low && offset <= high
      })
    },
    async page(cursor, limit) {
      const waiting = await Promise.all(
        partitions.map((_held, partition) => from(partition, cursor.next[partition] ?? 0, limit)),
      )
      const whole = waiting.filter((one) => one !== null)
      if (whole.length < waiting.length) return null
      return mergePage(whole, cursor, { maxEntries: limit, maxBytes: maxPageBytes })
    },
    newestOf(key) {
      for (const { entries } of partitions) {
        const found = entries.findLast((entry) => entry.key === key)
        if (found !== undefined) return found
      }
      return undefined
    },
    get arrivals() {
      return arrivals
    },
    arrived(since, { waitMs, signal }) {
      if (arrivals !== since) return Promise.resolve(true)
      if (signal.aborted || stopping.signal.aborted) return Promise.resolve(false)
      return new Promise((resolve) => {
        const tell = (): void => {
          clearTimeout(timer)
          listeners.delete(tell)
          signal.removeEventListener('abort', tell)
          resolve(arrivals !== since)
        }
        const timer = setTimeout(tell, waitMs)
        listeners.add(tell)
        signal.addEventListener('abort', tell)
      })
    },
  }

  async function earliest(): Promise<Cursor> {
    const offsets = await log.offsets(topic)
    return { logId, next: partitions.map((_held, partition) => offsets[partition]?.low ?? 0) }
  }

  function take(partition: number, records: readonly LogRecord[], next: number): void {
    const held = partitions[partition]
    if (held === undefined) return
    for (const record of records) {
      const entry = storyEntry(record)
      held.entries.push(entry)
      held.bytes += entry.event.byteLength + overheadBytes
    }
    held.next = next
    let drop = 0
    while (held.bytes > maxBytesEach && drop < held.entries.length)
      held.bytes -= (held.entries[drop++]?.event.byteLength ?? 0) + overheadBytes
    if (drop > 0) held.entries.splice(0, drop)
    arrivals += 1
    for (const tell of [...listeners]) tell()
  }

  function isInMemory(offset: number, partition: number): boolean {
    const held = partitions[partition]
    return held !== undefined && offset >= (held.entries[0]?.offset ?? held.next) && offset <= held.next
  }

  /** null when records from this offset on are no longer kept. */
  async function from(partition: number, offset: number, limit: number): Promise<Waiting | null> {
    const held = partitions[partition]
    if (held === undefined || offset >= held.next) return { entries: [], isCut: false }
    if (isInMemory(offset, partition)) return memory(held, offset, limit)
    // A page takes from twelve partitions: it needs the whole limit of none but a lone busy one.
    const records = await log.read(topic, partition, offset, {
      maxRecords: Math.max(20, Math.ceil(limit / 4)),
      maxBytes: 2_097_152,
    })
    const [first] = records
    if (first === undefined || first.offset > offset) {
      // A hole: either nobody can read what lay there, or retention took it.
      const low = (await log.offsets(topic))[partition]?.low ?? 0
      if (offset < low) return null
    }
    if (first === undefined) return memory(held, offset, limit)
    const last = records.at(-1)?.offset ?? offset
    return { entries: records.map(storyEntry), isCut: last + 1 < held.next }
  }

  function memory(held: Held, offset: number, limit: number): Waiting {
    const start = firstFrom(held.entries, offset)
    return { entries: held.entries.slice(start, start + limit), isCut: start + limit < held.entries.length }
  }
}

/** Index of the first entry at or behind the offset. */
function firstFrom(entries: readonly StoryEntry[], offset: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.offset ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}
