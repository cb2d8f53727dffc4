import type { ItemOutcome } from '@dateline/contracts'
import type { AppendRecord, LogRecord, StatePut } from '@dateline/ports'
import { receiptPartitions, type StatefulWorker, type WorkerBatch, type WorkerResult } from '@dateline/runtime'
import { contentKeyOf, formatPosition, isInWindow, likenesses } from '@dateline/story'
import { changeEffects, changelogTopic, restoreChange } from './changelog.ts'
import { namelessFault } from './identify.ts'
import { type Change, capturesOf, createMemory, type Memory } from './memory.ts'
import { type Published, publish } from './publish.ts'
import { type ReadRecord, readRecord } from './read-record.ts'
import { rejectedRecord } from './rejected-record.ts'
import { windowName } from './window-name.ts'

/** Below the 16 MB of the topics, with room for headers. */
const mostBytes = 16_600_000
/** Captures that leave a feed's window in one batch. */
const mostForgotten = 50

export interface PublisherOptions {
  /** Name of the installation; stands in the source of every event. */
  readonly instance: string
}

/** Parsed stories and commands in; events, held events, receipts and states out. One writer per story. */
export function publisherWorker({ instance }: PublisherOptions): StatefulWorker {
  const read = new WeakMap<WorkerBatch, readonly ReadRecord[]>()
  return {
    name: 'publisher',
    changelogTopic,
    restore: restoreChange,

    needs(batch) {
      const keys = new Set<string>()
      const groups = new Set<string>()
      for (const record of recordsOf(batch)) {
        if (record.kind === 'unreadable') continue
        if (record.line.storyKey !== undefined) keys.add(record.line.storyKey)
        else if (record.line.kind === 'item') groups.add(windowName(record.line.feed))
      }
      return { keys: [...keys], groups: [...groups] }
    },

    needsMore(batch, loaded) {
      const keys = new Set<string>()
      recordsOf(batch).forEach((record, index) => {
        if (record.kind === 'unreadable' || record.line.kind !== 'item' || record.line.storyKey !== undefined) return
        const { timeMs } = batch.records[index] as LogRecord
        keys.add(contentKeyOf(record.line))
        for (const { capture } of likenesses(record.line, timeMs, capturesOf(loaded, record.line.feed)))
          keys.add(capture.storyKey)
      })
      return [...keys]
    },

    fold(batch, loaded) {
      const memory = createMemory(loaded)
      const result = collect(batch)
      recordsOf(batch).forEach((read, index) => {
        const record = batch.records[index] as LogRecord
        const published = publishRecord(record, read, memory, batch)
        memory.apply(published.changes)
        result.add(record.offset, published)
      })
      const last = batch.records.at(-1)
      if (last !== undefined) result.forget(last.offset, forgotten(memory, last.timeMs))
      return result.end()
    },
  }

  function recordsOf(batch: WorkerBatch): readonly ReadRecord[] {
    const known = read.get(batch)
    if (known !== undefined) return known
    const records = batch.records.map(readRecord)
    read.set(batch, records)
    return records
  }

  function publishRecord(record: LogRecord, read: ReadRecord, memory: Memory, batch: WorkerBatch): Published {
    const { topic, logId, partition } = batch
    const position = formatPosition({ topic, logId, partition, offset: record.offset })
    const at = { position, logTime: new Date(record.timeMs).toISOString() }
    if (read.kind === 'unreadable') return rejectedRecord(record, { ...read, ...at, step: 'readRecord' })
    const { line, document } = read
    const nameless = namelessFault(line)
    if (nameless !== null) return rejectedRecord(record, { ...at, ...nameless, line, step: 'identify' })
    try {
      const context = { instance, partition, logTimeMs: record.timeMs, position }
      const published = publish(line, document, { memory, context })
      const tooLarge = published.appends.find((append) => bytesOf(append) > mostBytes)
      if (tooLarge === undefined) return published
      const detail = `${bytesOf(tooLarge)} bytes for ${tooLarge.topic}`
      return rejectedRecord(record, { ...at, line, reason: 'too-large', step: 'publish', detail })
    } catch (fault) {
      const detail = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
      return rejectedRecord(record, { ...at, line, reason: 'bug', step: 'publish', detail })
    }
  }
}

function bytesOf({ value }: AppendRecord): number {
  if (value === null) return 0
  // A string of few characters is never too large: three bytes each at most.
  if (typeof value === 'string') return value.length * 3 < mostBytes ? value.length : Buffer.byteLength(value)
  return value.byteLength
}

/** What has been out of its window for two days by the log's time, the oldest first. */
function forgotten(memory: Memory, logTimeMs: number): Change[] {
  const changes: Change[] = []
  for (const feed of memory.feeds()) {
    const old = [...memory.window(feed).values()]
      .filter((capture) => !isInWindow(capture, logTimeMs))
      .sort((a, b) => a.receivedMs - b.receivedMs)
    for (const { storyKey } of old.slice(0, mostForgotten))
      changes.push({ kind: 'capture', feed, storyKey, capture: null })
  }
  return changes
}

function collect({ partition, logId }: WorkerBatch) {
  const appends: AppendRecord[] = []
  const changelog: AppendRecord[] = []
  const puts = new Map<string, StatePut>()
  const outcomes: ItemOutcome[] = []
  const tally: WorkerResult['tally'][number][] = []
  return {
    add(offset: number, published: Published): void {
      appends.push(...published.appends)
      if (published.outcome !== null) outcomes.push(published.outcome)
      if (published.told !== null) tally.push(published.told)
      // Only the last record of an input says that all of it is there.
      const last = published.changes.length - 1
      for (const [index, change] of published.changes.entries()) note(change, index === last ? offset : offset - 1)
    },
    forget(offset: number, changes: readonly Change[]): void {
      for (const change of changes) note(change, offset)
    },
    end(): WorkerResult {
      if (outcomes.length > 0)
        appends.push({
          topic: 'wire.receipts',
          partition: partition % receiptPartitions,
          key: String(partition),
          value: JSON.stringify({ writer: 'publisher', outcomes }),
        })
      return { appends, changelog, puts: [...puts.values()], tally }
    },
  }

  function note(change: Change, input: number): void {
    const { record, put } = changeEffects(change, { partition, logId, input })
    changelog.push(record)
    puts.set(put.key, put)
  }
}
