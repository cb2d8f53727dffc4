/** A header as Kafka has it: a name, which may repeat, and bytes. Text is UTF-8. */
export type Header = readonly [name: string, value: Uint8Array | string]

/** A record on its way into the log. */
export interface AppendRecord {
  readonly topic: string
  /** Where it goes; absent: `partitionOf(key, partitions of the topic)`. A null key without a partition goes to partition 0. */
  readonly partition?: number
  readonly key: Uint8Array | string | null
  /** null is a tombstone. */
  readonly value: Uint8Array | string | null
  readonly headers?: readonly Header[]
}

/** A record as the log keeps it. Key, value and headers are the bytes that were appended. */
export interface LogRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Milliseconds since 1970, set by the log when it appended (LogAppendTime), never by the sender. */
  readonly timeMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [name: string, value: Buffer])[]
}

/** What became of one record of an append. `too-large` was not appended and would never be: it is said, not retried. */
export type AppendOutcome =
  | { readonly kind: 'appended'; readonly partition: number; readonly offset: number }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limitBytes: number }

/** Some records of one partition, in order. */
export interface Batch {
  readonly topic: string
  readonly partition: number
  /** At least one. */
  readonly records: readonly LogRecord[]
  /** The position to commit when all of the batch is done: past the last record and whatever unreadable offsets follow it. */
  readonly next: number
  /** Offset that the next appended record will get, as of the fetch. */
  readonly highWatermark: number
  /** `performance.now()` when the batch was handed out. */
  readonly fetchedAtMs: number
  /** Everything below `next` is done. Throws OwnershipLost when the partition is no longer this member's. A no-op without a group. */
  commit(next: number): Promise<void>
  /** Tells the group that work goes on; false when the partition is no longer this member's. */
  stillOwned(): Promise<boolean>
}

export interface PartitionStart {
  readonly topic: string
  readonly partition: number
  /** What the group has committed; null when nothing, or without a group. */
  readonly committed: number | null
  readonly low: number
  readonly high: number
}

export interface ConsumeOptions {
  /** Members of a group share the partitions. null: every partition, nothing is committed. */
  readonly group: string | null
  readonly topics: readonly string[]
  /**
   * Called each time this member is given a partition, before its first batch, and again after OwnershipLost. Answers where to
   * start. Without it, or for null: the committed position, else the earliest record kept.
   */
  readonly startAt?: (start: PartitionStart) => Promise<number | null>
  /**
   * Batches of one partition come one at a time and in order; different partitions may run side by side.
   * TransientFault: the same batch again, after a jittered pause. OwnershipLost: the partition is started anew through `startAt`.
   * Anything else thrown is a fault of the worker: the consumption ends and `ended` rejects with it.
   */
  readonly handle: (batch: Batch) => Promise<void>
  /** Most records in a batch; 100 unless said. */
  readonly maxRecords?: number
  /** Most bytes of values in a batch (one larger record comes alone); 1 MiB unless said. */
  readonly maxBytes?: number
  /** How long a record may wait for others to come with it, when one was fetched just before; some milliseconds unless said. */
  readonly gatherMs?: number
  /** How many partitions at once; 3 unless said. */
  readonly concurrency?: number
  /** Records between the position wanted and the earliest one kept are gone (retention). Told before the batch that follows. */
  readonly onRetentionLoss?: (loss: { topic: string; partition: number; from: number; to: number }) => void
  /** How long a batch may take before the group gives the partition to another member. */
  readonly sessionTimeoutMs?: number
}

export interface Consumption {
  /** Resolves after `stop`; rejects when the consumption ended by itself and cannot go on (the process should then exit). */
  readonly ended: Promise<void>
  /** The partitions that are this member's now. */
  assigned(): readonly { readonly topic: string; readonly partition: number }[]
  /** True once the group has been joined (embedded: at once). */
  isReady(): boolean
  /** Hands out no further batch, waits for those in work up to the deadline, leaves the group. Never throws. */
  stop(deadlineMs?: number): Promise<void>
}

export interface PartitionOffsets {
  readonly partition: number
  /** Offset of the earliest record kept; equals `high` when there is none. */
  readonly low: number
  /** Offset that the next record will get. */
  readonly high: number
  /** The group's position; null when it has none or no group was asked for. */
  readonly committed: number | null
}

/** One line of infra/topics.json, with names filled in. */
export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  readonly cleanup: 'delete' | 'compact'
  /** Milliseconds; null keeps for ever. */
  readonly retentionMs: number | null
  readonly maxMessageBytes: number
}

export interface TopicInfo {
  readonly name: string
  readonly partitions: number
  /** Minted when `createTopic` made the topic, so that a recreated topic never looks like the old one. null: made by somebody else. */
  readonly logId: string | null
  readonly maxMessageBytes: number
  readonly cleanup: 'delete' | 'compact'
  readonly retentionMs: number | null
}

/** Kafka, or its embedded twin. Every call throws TransientFault when the engine is away. */
export interface EventLog {
  /**
   * Resolves when every record is durable on all in-sync replicas, with an outcome per record in the order given.
   * Records of one partition keep their order. After a TransientFault some may have been appended: the caller repeats the whole.
   */
  append(records: readonly AppendRecord[]): Promise<readonly AppendOutcome[]>
  consume(options: ConsumeOptions): Promise<Consumption>
  /** Records from `from` on, oldest first, up to the limits; empty at the end of the log. For look-ups and catching up, not for the live path. */
  read(
    topic: string,
    partition: number,
    from: number,
    limits: { maxRecords: number; maxBytes?: number },
  ): Promise<readonly LogRecord[]>
  /** One entry per partition, in order. */
  offsets(topic: string, group?: string): Promise<readonly PartitionOffsets[]>
  /** All topics, or those named that exist. */
  topics(names?: readonly string[]): Promise<readonly TopicInfo[]>
  /** Creates the topic with a fresh log id, or answers with the one there is (never changing its partition count). */
  createTopic(spec: TopicSpec): Promise<{ readonly created: boolean; readonly info: TopicInfo }>
  deleteTopic(name: string): Promise<void>
  close(): Promise<void>
}
