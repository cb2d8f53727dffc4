import { randomUUID } from 'node:crypto'
import { ChainConflict, type ChainWriter, LogReplaced, openChain, type WrittenObject } from '@dateline/archive'
import {
  type Archive,
  type Batch,
  EngineRefusal,
  type EventLog,
  OwnershipLost,
  type PartitionStart,
  TransientFault,
} from '@dateline/ports'
import { logIdOf } from '@dateline/runtime'
import { keepAlive } from './keep-alive.ts'

export interface Place {
  readonly topic: string
  readonly partition: number
}

export interface HeldChainsOptions {
  readonly archive: Archive
  readonly log: Pick<EventLog, 'topics'>
  /** An object is put when it holds this much, packed. */
  readonly objectBytes: number
  /** Most bytes in memory over all partitions; above it the fullest is put first. One batch per partition at work comes on top. */
  readonly heldBytes: number
  readonly onWritten: (place: Place, object: WrittenObject) => void
  /** Messages that neither the log nor the archive has. */
  readonly onLoss: (place: Place, loss: { readonly from: number; readonly to: number }) => void
  /** The partition is archived no further until it is opened again: a person must look. */
  readonly onStopped: (place: Place, message: string) => void
  /** The archive refuses for good what is tried on all the same. */
  readonly onRefused: (place: Place, message: string) => void
  /** Met by a put that no batch waits for; it is tried again. */
  readonly onFault: (fault: TransientFault) => void
  /** Met by a put that no batch waits for: what was taken since the topic was made anew is to be read again. */
  readonly onReplaced: () => void
}

/** The chains of the partitions that this member has. */
export interface HeldChains {
  /** Opens, or opens again, the chain of a partition; answers where to read from. */
  open(start: PartitionStart): Promise<number>
  /** Takes a batch; throws TransientFault, having kept what it took, when the archive is away. */
  take(batch: Batch): Promise<void>
  /** Between the position of the partition and `to` the log kept nothing: said before the batch that follows. */
  tellLoss(place: Place, to: number): void
  /** Puts what has waited for `ms` or longer, of all partitions side by side. */
  flushOlderThan(ms: number): Promise<void>
  /** Memory that waits to be put, over all partitions. */
  heldBytes(): number
}

interface Held {
  readonly place: Place
  /** null: stopped. */
  writer: ChainWriter | null
  /** Commits for whoever fetched the last batch. */
  commit: ((next: number) => Promise<void>) | null
  committed: number
  lossTo: number
  /** One call at a time. */
  last: Promise<unknown>
  flushing: Promise<TransientFault | null> | null
  faults: number
  notBeforeMs: number
}

const MEMBER_BYTES = 1_048_576
const LEVEL = 3

export function createHeldChains(options: HeldChainsOptions): HeldChains {
  const held = new Map<string, Held>()
  const writerId = `archiver-${randomUUID()}`
  const clock = (): number => performance.now()

  return {
    async open(start) {
      const { topic, partition } = start
      const place = { topic, partition }
      held.delete(nameOf(place))
      const entry: Held = {
        place,
        writer: null,
        commit: null,
        committed: 0,
        lossTo: 0,
        last: Promise.resolve(),
        flushing: null,
        faults: 0,
        notBeforeMs: 0,
      }
      const position = await guarded(entry, () => openWriter(entry, start))
      held.set(nameOf(place), entry)
      // A stopped partition is read on and left alone: nothing is committed, so its lag shows.
      return position ?? start.high
    },

    async take(batch) {
      const entry = held.get(nameOf(batch))
      if (entry === undefined) throw new OwnershipLost(`${nameOf(batch)} was not opened`)
      if (entry.writer === null) return
      await keepAlive(batch, async () => {
        await makeRoom(sizeOf(batch))
        await withWriter(entry, async (writer) => {
          entry.commit = batch.commit
          if (entry.lossTo > 0) await passLoss(entry, writer)
          await writer.take(batch.records, batch.next)
        })
        await commit(entry)
      })
    },

    tellLoss(place, to) {
      const entry = held.get(nameOf(place))
      if (entry) entry.lossTo = Math.max(entry.lossTo, to)
    },

    async flushOlderThan(ms) {
      const due = [...held.values()].filter(
        ({ writer, notBeforeMs }) =>
          writer !== null &&
          clock() - (writer.waitingSinceMs() ?? Number.POSITIVE_INFINITY) >= ms &&
          clock() >= notBeforeMs,
      )
      await Promise.all(due.map(flush))
    },

    heldBytes,
  }

  async function openWriter(entry: Held, start: PartitionStart): Promise<number> {
    const { place } = entry
    const logId = await logIdOf(options.log, place.topic)
    const writer = await openChain(
      {
        archive: options.archive,
        chain: { ...place, logId },
        writer: writerId,
        objectBytes: options.objectBytes,
        memberBytes: MEMBER_BYTES,
        level: LEVEL,
        clock,
        checkLog: () => requireLog(place.topic, logId),
        onWritten: (object) => tellWritten(entry, object),
      },
      start,
    )
    entry.writer = writer
    return writer.position()
  }

  async function requireLog(topic: string, logId: string): Promise<void> {
    const [info] = await options.log.topics([topic])
    if (info?.logId !== logId) throw new LogReplaced(topic)
  }

  function tellWritten(entry: Held, object: WrittenObject): void {
    entry.faults = 0
    entry.notBeforeMs = 0
    options.onWritten(entry.place, object)
    if (object.result === 'gap') options.onLoss(entry.place, { from: object.base, to: object.next })
  }

  async function passLoss(entry: Held, writer: ChainWriter): Promise<void> {
    await writer.flush()
    await writer.writeGap(entry.lossTo)
    entry.lossTo = 0
  }

  /** Commits are for the eye on the lag alone; the next put tells again what one of them did not. */
  async function commit(entry: Held): Promise<void> {
    const next = entry.writer?.archived() ?? 0
    if (entry.commit === null || next <= entry.committed) return
    try {
      await entry.commit(next)
      entry.committed = next
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error
    }
  }

  function flush(entry: Held): Promise<TransientFault | null> {
    entry.flushing ??= flushOnce(entry).finally(() => {
      entry.flushing = null
    })
    return entry.flushing
  }

  async function flushOnce(entry: Held): Promise<TransientFault | null> {
    try {
      await withWriter(entry, (writer) => writer.flush())
      await commit(entry)
      return null
    } catch (error) {
      if (error instanceof OwnershipLost) {
        // Its owner has the messages from the log, from the end of the chain on.
        if (held.get(nameOf(entry.place)) === entry) held.delete(nameOf(entry.place))
        if (error instanceof LogReplaced) options.onReplaced()
        return null
      }
      if (!(error instanceof TransientFault)) throw error
      entry.faults += 1
      entry.notBeforeMs = clock() + Math.min(10_000, 250 * 2 ** Math.min(entry.faults, 6)) * (0.5 + Math.random() / 2)
      options.onFault(error)
      return error
    }
  }

  /** One call of a writer at a time; nothing for a stopped partition. */
  function withWriter(entry: Held, work: (writer: ChainWriter) => Promise<void>): Promise<unknown> {
    const run = entry.last.then(async () => {
      const { writer } = entry
      if (writer !== null) await guarded(entry, () => work(writer))
    })
    entry.last = run.catch(() => undefined)
    return run
  }

  /** What the work met, as this member answers it: a conflict stops the partition, a refusal of the archive is tried on. */
  async function guarded<T>(entry: Held, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ChainConflict) {
        entry.writer = null
        options.onStopped(entry.place, error.message)
        return null
      }
      if (error instanceof EngineRefusal && error.engine === 'archive') {
        options.onRefused(entry.place, error.message)
        throw new TransientFault('archive', error.message, { cause: error })
      }
      throw error
    }
  }

  function heldBytes(): number {
    let sum = 0
    for (const entry of held.values()) sum += heldBy(entry)
    return sum
  }

  async function makeRoom(bytes: number): Promise<void> {
    for (;;) {
      const total = heldBytes()
      if (total === 0 || total + bytes <= options.heldBytes) return
      const fullest = [...held.values()].reduce((a, b) => (heldBy(a) >= heldBy(b) ? a : b))
      const fault = await flush(fullest)
      if (fault !== null) throw fault
    }
  }
}

const heldBy = ({ writer }: Held): number => writer?.heldBytes() ?? 0

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`

const sizeOf = (batch: Batch): number => batch.records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
