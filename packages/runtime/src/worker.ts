import type { ItemOutcome } from '@dateline/contracts'
import type { AppendRecord, LogRecord, StatePut } from '@dateline/ports'

/** Some records of one partition, with the topic's log id. */
export interface WorkerBatch {
  readonly topic: string
  readonly logId: string
  readonly partition: number
  readonly records: readonly LogRecord[]
}

/** What a worker wants done. It does nothing itself: the runtime owns every effect, so the delivery guarantee is written once. */
export interface WorkerResult {
  readonly appends: readonly AppendRecord[]
  /** Appended after all of `appends` is acknowledged, in this order. */
  readonly changelog?: readonly AppendRecord[]
  readonly puts?: readonly StatePut[]
  /** For metrics, alarms and logs: what became of what. */
  readonly tally: readonly Pick<ItemOutcome, 'feed' | 'outcome' | 'reason' | 'position' | 'storyKey' | 'detail'>[]
  /** How many items of the feed held something that a story has no place for, by its path in the message, and how many bore a flag. */
  readonly reading?: {
    readonly feed: string
    readonly unmapped: ReadonlyMap<string, number>
    readonly flags: ReadonlyMap<string, number>
  }
}

/** A pure function of each record. Never throws for data: a bug in one record is that record's outcome. */
export interface StatelessWorker {
  readonly name: string
  handle(batch: WorkerBatch): WorkerResult
}

export interface LoadedState {
  /** Value of a key; undefined when there is none. */
  value(key: string): string | undefined
  /** Entries of a group by key. */
  group(name: string): ReadonlyMap<string, string>
}

/** A fold over the records of a partition, which has one owner at a time. */
export interface StatefulWorker {
  readonly name: string
  /** Which state the fold will look at. */
  needs(batch: WorkerBatch): { readonly keys: readonly string[]; readonly groups: readonly string[] }
  /** Further keys, which only the state that was loaded first tells. They are loaded too, without their groups, before the fold. */
  needsMore?(batch: WorkerBatch, state: LoadedState): readonly string[]
  fold(batch: WorkerBatch, state: LoadedState): WorkerResult
  /** Where the changelog lies, and how one of its records becomes an entry again; null for a record that is none. */
  readonly changelogTopic: string
  restore(record: LogRecord): { readonly input: number; readonly logId: string; readonly put: StatePut } | null
}
