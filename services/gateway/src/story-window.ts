import type { Consumption, EventLog, LogRecord } from '@dateline/ports'
import { logIdOf, storyPartitions } from '@dateline/runtime'
import type { Cursor } from './cursor.ts'

const topic = 'stories'

export interface StoryWindow {
  start(): Promise<void>
  stop(deadlineMs: number): Promise<void>
  isReady(): boolean
  /** The oldest position that the log still has. */
  earliest(): Promise<Cursor>
  /** Behind the newest story known. */
  latest(): Cursor
  /** Stories from the cursor on, oldest first, each with the cursor behind it; from memory while that lasts, else from the log. */
  page(cursor: Cursor, limit: number): Promise<readonly { readonly record: LogRecord; readonly after: Cursor }[]>
  /** Resolves when there may be something new, or the signal aborts. */
  news(signal: AbortSignal): Promise<void>
}

/** Follows `stories` and keeps its newest part in memory, bounded by bytes. Every reader of this gateway is served from here. */
export function createStoryWindow(
  log: EventLog,
  options: { readonly maxBytes?: number; readonly onFailed: (error: unknown) => void },
): StoryWindow {
  const maxBytesEach = (options.maxBytes ?? 134_217_728) / storyPartitions
  const partitions = Array.from({ length: storyPartitions }, () => ({ records: [] as LogRecord[], bytes: 0, next: 0 }))
  const listeners = new Set<() => void>()
  let logId = ''
  let consumption: Consumption | null = null
  return {
    async start() {
      logId = await logIdOf(log, topic)
      for (const { partition, high } of await log.offsets(topic)) {
        const held = partitions[partition]
        if (held !== undefined) held.next = high
      }
      consumption = await log.consume({
        group: null,
        topics: [topic],
        startAt: async ({ partition, high }) => partitions[partition]?.next ?? high,
        maxRecords: 500,
        concurrency: storyPartitions,
        handle: async (batch) => take(batch.partition, batch.records, batch.next),
      })
      consumption.ended.catch(options.onFailed)
    },
    async stop(deadlineMs) {
      await consumption?.stop(deadlineMs)
      for (const tell of listeners) tell()
    },
    isReady: () => consumption?.isReady() ?? false,
    async earliest() {
      const offsets = await log.offsets(topic)
      return { logId, next: partitions.map((_held, partition) => offsets[partition]?.low ?? 0) }
    },
    latest: () => ({ logId, next: partitions.map((held) => held.next) }),
    async page(cursor, limit) {
      const waiting = await Promise.all(
        partitions.map((_held, partition) => from(partition, cursor.next[partition] ?? 0, limit)),
      )
      const at = partitions.map(() => 0)
      const next = [...cursor.next]
      const page: { record: LogRecord; after: Cursor }[] = []
      while (page.length < limit) {
        const partition = earliestOf(waiting, at)
        const record = partition < 0 ? undefined : waiting[partition]?.[at[partition] ?? 0]
        if (record === undefined) break
        at[partition] = (at[partition] ?? 0) + 1
        next[partition] = record.offset + 1
        page.push({ record, after: { logId, next: [...next] } })
      }
      return page
    },
    news(signal) {
      return new Promise((resolve) => {
        const tell = (): void => {
          listeners.delete(tell)
          signal.removeEventListener('abort', tell)
          resolve()
        }
        listeners.add(tell)
        signal.addEventListener('abort', tell)
        if (signal.aborted) tell()
      })
    },
  }

  function take(partition: number, records: readonly LogRecord[], next: number): void {
    const held = partitions[partition]
    if (held === undefined) return
    for (const record of records) {
      held.records.push(record)
      held.bytes += record.value?.byteLength ?? 0
    }
    held.next = next
    let drop = 0
    while (held.bytes > maxBytesEach && drop < held.records.length - 1)
      held.bytes -= held.records[drop++]?.value?.byteLength ?? 0
    if (drop > 0) held.records.splice(0, drop)
    for (const tell of [...listeners]) tell()
  }

  async function from(partition: number, offset: number, limit: number): Promise<readonly LogRecord[]> {
    const held = partitions[partition]
    if (held === undefined || offset >= held.next) return []
    const first = held.records[0]?.offset ?? held.next
    if (offset < first) return log.read(topic, partition, offset, { maxRecords: limit, maxBytes: 8_388_608 })
    const start = lowerBound(held.records, offset)
    return held.records.slice(start, start + limit)
  }
}

/** The partition whose next record is the oldest; -1 when all are empty. */
function earliestOf(waiting: readonly (readonly LogRecord[])[], at: readonly number[]): number {
  let best = -1
  let bestMs = Number.POSITIVE_INFINITY
  waiting.forEach((records, partition) => {
    const timeMs = records[at[partition] ?? 0]?.timeMs
    if (timeMs !== undefined && timeMs < bestMs) {
      best = partition
      bestMs = timeMs
    }
  })
  return best
}

function lowerBound(records: readonly LogRecord[], offset: number): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((records[middle]?.offset ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}
