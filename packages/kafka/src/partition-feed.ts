import type { LogRecord } from '@dateline/ports'
import type { FetchResult } from './fetch-request.ts'
import type { TopicPartition } from './offsets.ts'

/** Some records to hand out, and the position past them. */
export interface Slice {
  readonly records: readonly LogRecord[]
  readonly next: number
}

/** What one member holds of one partition during one generation: fetched records that wait, and how far it has come. */
export interface PartitionFeed extends TopicPartition {
  readonly name: string
  readonly waiting: LogRecord[]
  waitingBytes: number
  /** Where the next fetch goes on; null while it is being found out where to start. */
  position: number | null
  /** Changes with every fresh start: answers to what was asked before are dropped. */
  epoch: number
  /** Records below it are not handed out. */
  from: number
  highWatermark: number
  /** What a TransientFault put back: handed out again as it was. */
  redo: Slice | null
  /** In line, in work, or pausing after a fault. */
  isTaken: boolean
  /** Its leader is looked for. */
  isMoving: boolean
  /** Highest position committed in this generation. */
  committed: number | null
  faults: number
}

export const createFeed = (at: TopicPartition): PartitionFeed => ({
  topic: at.topic,
  partition: at.partition,
  name: `${at.topic}/${at.partition}`,
  waiting: [],
  waitingBytes: 0,
  position: null,
  epoch: 0,
  from: 0,
  highWatermark: 0,
  redo: null,
  isTaken: false,
  isMoving: false,
  committed: null,
  faults: 0,
})

/** Forgets what was fetched; nothing more comes until `open`. */
export function close(feed: PartitionFeed): void {
  feed.epoch += 1
  feed.position = null
  feed.waiting.length = 0
  feed.waitingBytes = 0
  feed.redo = null
}

export function open(feed: PartitionFeed, at: { readonly position: number; readonly from: number }): void {
  feed.epoch += 1
  feed.position = at.position
  feed.from = at.from
  feed.committed = null
}

export const hasWork = (feed: PartitionFeed): boolean => feed.redo !== null || feed.waiting.length > 0

/** Wants more records than it has. */
export const isHungry = (feed: PartitionFeed, enoughBytes: number): boolean =>
  feed.position !== null && !feed.isMoving && feed.waitingBytes < enoughBytes

/** Puts what was fetched in line behind what waits. */
export function take(feed: PartitionFeed, result: FetchResult): void {
  feed.highWatermark = result.highWatermark
  for (const record of result.records) {
    if (record.offset < feed.from) continue
    feed.waiting.push(record)
    feed.waitingBytes += bytesOf(record)
  }
  if (result.next !== null) feed.position = result.next
}

/** The next records to hand out: within the limits, at least one. */
export function slice(feed: PartitionFeed, limits: { readonly maxRecords: number; readonly maxBytes: number }): Slice {
  let count = 0
  let valueBytes = 0
  while (count < feed.waiting.length && count < limits.maxRecords) {
    valueBytes += feed.waiting[count]?.value?.length ?? 0
    if (valueBytes > limits.maxBytes && count > 0) break
    count += 1
  }
  const records = feed.waiting.splice(0, count)
  for (const record of records) feed.waitingBytes -= bytesOf(record)
  // What lies between two records that came one after the other cannot be read: compacted, aborted, or Kafka's own.
  const next = feed.waiting[0]?.offset ?? feed.position ?? 0
  return { records, next }
}

const RECORD_OVERHEAD_BYTES = 200

const bytesOf = (record: LogRecord): number =>
  (record.value?.length ?? 0) + (record.key?.length ?? 0) + RECORD_OVERHEAD_BYTES
