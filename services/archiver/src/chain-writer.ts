import { type Archive, type Batch, type LogRecord, OwnershipLost, TransientFault } from '@dateline/ports'
import { lastLink } from './chain.ts'
import { gapObject, messagesObject, readLink } from './chain-object.ts'
import { sha256Of } from './frames.ts'
import { type ChainId, objectKey } from './object-key.ts'

export interface ChainEvents {
  /** An object was made, found made, or a gap was written. */
  readonly onObject: (
    result: 'created' | 'adopted' | 'gap',
    object: { readonly chain: ChainId; readonly messages: number; readonly rawBytes: number },
  ) => void
  /** Another log's object lies where this chain goes on: a person must look. */
  readonly onBroken: (chain: ChainId, message: string) => void
}

/** Writes the chain of one partition: collects records, and puts them as objects that never overlap and never replace one. */
export interface ChainWriter {
  readonly next: number
  readonly bufferedBytes: number
  /** `performance.now()` of the oldest record held; Infinity when none is. */
  readonly openedAtMs: number
  add(batch: Batch): void
  /** Puts what is held. Throws TransientFault when the archive is away, OwnershipLost when another archiver got ahead. */
  flush(): Promise<void>
}

/** Goes on at the end of the chain that is there, or begins one at `low`. What the log no longer keeps becomes a gap object. */
export async function openChainWriter(
  archive: Archive,
  chain: ChainId,
  low: number,
  options: { readonly writer: string; readonly events: ChainEvents },
): Promise<ChainWriter> {
  const last = await lastLink(archive, chain)
  let base = last?.next ?? low
  if (base < low) {
    const gap = gapObject(base, low, options.writer)
    if ((await archive.put(objectKey(chain, base), gap.bytes, gap.metadata)) === 'exists')
      throw new OwnershipLost(`Another archiver goes on with ${chain.topic}/${chain.partition}`)
    options.events.onObject('gap', { chain, messages: 0, rawBytes: 0 })
    base = low
  }
  let records: LogRecord[] = []
  let next = base
  let bytes = 0
  let openedAtMs = Number.POSITIVE_INFINITY
  let flushing: Promise<void> = Promise.resolve()
  let broken: string | null = null
  return {
    get next() {
      return next
    },
    get bufferedBytes() {
      return bytes
    },
    get openedAtMs() {
      return openedAtMs
    },
    add(batch) {
      for (const record of batch.records) {
        if (record.offset < next) continue
        records.push(record)
        bytes += record.value?.byteLength ?? 0
      }
      next = Math.max(next, batch.next)
      if (records.length > 0) openedAtMs = Math.min(openedAtMs, performance.now())
    },
    flush() {
      const before = flushing
      flushing = (async () => {
        await before.catch(() => {})
        while (records.length > 0) await putOnce()
      })()
      return flushing
    },
  }

  async function putOnce(): Promise<void> {
    if (broken !== null) throw new TransientFault('archive', broken)
    const held = records
    const upTo = next
    const object = messagesObject(held, base, upTo, options.writer)
    const rawBytes = sizeOf(held)
    if ((await archive.put(objectKey(chain, base), object.bytes, object.metadata)) === 'created') {
      letGo(held.length, upTo)
      options.events.onObject('created', { chain, messages: held.length, rawBytes })
      return
    }
    await adopt(held)
  }

  /** Somebody wrote from this base before: an earlier life of this archiver, or one that does not know yet that it lost the partition. */
  async function adopt(held: readonly LogRecord[]): Promise<void> {
    const key = objectKey(chain, base)
    const link = await readLink(archive, key)
    const first = held[0]
    if (link === null || first === undefined || link.kind !== 'messages' || link.firstSha256 !== sha256Of(first)) {
      broken = `${key} exists and does not hold what the log has from there on: the chain of ${chain.topic}/${chain.partition} cannot go on. Find out who wrote it.`
      options.events.onBroken(chain, broken)
      throw new TransientFault('archive', broken)
    }
    const covered = held.filter((record) => record.offset < link.next)
    options.events.onObject('adopted', { chain, messages: covered.length, rawBytes: sizeOf(covered) })
    if (link.next > next) {
      letGo(held.length, next)
      throw new OwnershipLost(`Another archiver is ahead in ${chain.topic}/${chain.partition}`)
    }
    letGo(covered.length, link.next)
  }

  function letGo(count: number, newBase: number): void {
    bytes -= sizeOf(records.slice(0, count))
    records = records.slice(count)
    base = newBase
    openedAtMs = records.length > 0 ? performance.now() : Number.POSITIVE_INFINITY
  }
}

const sizeOf = (records: readonly LogRecord[]): number =>
  records.reduce((sum, record) => sum + (record.value?.byteLength ?? 0), 0)
