import { type Batch, type ConsumeOptions, OwnershipLost, TransientFault } from '@dateline/ports'
import type { KafkaLog } from './kafka-options.ts'
import { hasWork, type PartitionFeed, type Slice, slice } from './partition-feed.ts'
import { backoffMs } from './pauses.ts'

/** A batch in the hands of the worker. */
export interface Work {
  readonly done: Promise<void>
  /** `performance.now()` when it last showed that it goes on. */
  progressAtMs: number
}

export interface HandOutOptions {
  readonly handle: ConsumeOptions['handle']
  readonly maxRecords: number
  readonly maxBytes: number
  readonly concurrency: number
  readonly log: KafkaLog
  /** The partition's worker found that it is not the owner, or the log was cut: it must be started anew. */
  readonly onOwnershipLost: (feed: PartitionFeed) => void
  /** A fault of the worker's own. */
  readonly onFault: (error: unknown) => void
  /** A feed has room again. */
  readonly onRoom: () => void
}

/** The parts of one generation that a batch in work asks. */
export interface Owner {
  /** Batches may be handed out. */
  isOpen(): boolean
  /** The generation still stands. */
  isValid(): boolean
  commit(feed: PartitionFeed, next: number): Promise<void>
  stillOwned(): Promise<boolean>
}

export interface HandOut {
  /** Hands out the feed's next batch when its turn comes. */
  offer(feed: PartitionFeed, owner: Owner): void
  inWork(): ReadonlyMap<string, Work>
  /** Drops what stands in line. */
  clear(): void
}

/** Batches of one partition one at a time and in order, over all generations; of different partitions, `concurrency` side by side. */
export function createHandOut(options: HandOutOptions): HandOut {
  const line: { readonly feed: PartitionFeed; readonly owner: Owner }[] = []
  const works = new Map<string, Work>()

  return {
    offer,
    inWork: () => works,
    clear() {
      line.length = 0
    },
  }

  function offer(feed: PartitionFeed, owner: Owner): void {
    if (feed.isTaken || !owner.isOpen() || !hasWork(feed)) return
    feed.isTaken = true
    line.push({ feed, owner })
    next()
  }

  function next(): void {
    while (works.size < options.concurrency) {
      const first = line.shift()
      if (first === undefined) return
      const { feed, owner } = first
      if (owner.isOpen() && hasWork(feed) && !works.has(feed.name)) start(feed, owner)
      else feed.isTaken = false
    }
  }

  function start(feed: PartitionFeed, owner: Owner): void {
    const part = feed.redo ?? slice(feed, options)
    feed.redo = null
    const done = Promise.withResolvers<void>()
    const work: Work = { done: done.promise, progressAtMs: performance.now() }
    works.set(feed.name, work)
    options.onRoom()
    const { epoch } = feed
    void run(batchOf(feed, owner, part, work)).then((failure) => {
      works.delete(feed.name)
      done.resolve()
      judge(feed, owner, part, { failure, isCurrent: feed.epoch === epoch })
      next()
    })
  }

  async function run(batch: Batch): Promise<{ readonly error: unknown } | null> {
    try {
      await options.handle(batch)
      return null
    } catch (error) {
      return { error }
    }
  }

  function judge(
    feed: PartitionFeed,
    owner: Owner,
    part: Slice,
    outcome: { readonly failure: { readonly error: unknown } | null; readonly isCurrent: boolean },
  ): void {
    const { failure, isCurrent } = outcome
    feed.isTaken = false
    if (failure === null) {
      feed.faults = 0
      if (isCurrent) offer(feed, owner)
      return
    }
    const { error } = failure
    const isStale = !owner.isValid() || !isCurrent
    if (error instanceof TransientFault) {
      if (!isStale) putBack(feed, owner, part, error)
    } else if (error instanceof OwnershipLost) {
      if (!isStale) options.onOwnershipLost(feed)
    } else options.onFault(error)
  }

  function putBack(feed: PartitionFeed, owner: Owner, part: Slice, error: TransientFault): void {
    feed.redo = part
    feed.faults += 1
    options.log('warn', error.message, { topic: feed.topic, partition: feed.partition, attempt: feed.faults })
    // Out of the line while it pauses: an engine that is away holds up no other partition.
    feed.isTaken = true
    setTimeout(
      () => {
        feed.isTaken = false
        offer(feed, owner)
      },
      backoffMs(feed.faults, 100, 5_000),
    ).unref()
  }
}

function batchOf(feed: PartitionFeed, owner: Owner, part: Slice, work: Work): Batch {
  const { epoch } = feed
  const isOurs = (): boolean => owner.isValid() && feed.epoch === epoch
  return {
    topic: feed.topic,
    partition: feed.partition,
    records: part.records,
    next: part.next,
    highWatermark: Math.max(feed.highWatermark, part.next),
    fetchedAtMs: performance.now(),
    async commit(next) {
      work.progressAtMs = performance.now()
      if (!isOurs()) throw new OwnershipLost(`${feed.name} is not this member's any more: nothing is committed for it.`)
      await owner.commit(feed, next)
      work.progressAtMs = performance.now()
    },
    async stillOwned() {
      work.progressAtMs = performance.now()
      return isOurs() && (await owner.stillOwned()) && isOurs()
    },
  }
}
