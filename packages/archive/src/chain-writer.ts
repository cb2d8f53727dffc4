import { type Archive, type LogRecord, OwnershipLost, TransientFault } from '@dateline/ports'
import { listSpans } from './chain-spans.ts'
import { decodeFrames, sha256Of } from './frames.ts'
import { markerObject } from './marker-object.ts'
import { unpackMember } from './members.ts'
import { createObjectBuilder, type FinishedObject, type ObjectBuilder } from './object-builder.ts'
import { type Chain, objectKey } from './object-key.ts'
import { metadataText, type ObjectMetadata, readMetadata } from './object-metadata.ts'

/** The archive holds something else at this place than the log: a person must look. The message says where and what. */
export class ChainConflict extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ChainConflict'
  }
}

/** The topic was made anew under its name: other messages have these offsets now, and belong to a chain of their own. */
export class LogReplaced extends OwnershipLost {
  constructor(topic: string) {
    super(`${topic} was made anew: its archive begins anew too`)
    this.name = 'LogReplaced'
  }
}

/** Half of what upkeep leaves alone, for clocks that differ. */
const YOUNG_MS = 1_800_000

export interface WrittenObject {
  /** `adopted`: another writer, or an earlier life of this one, had made it. */
  readonly result: 'created' | 'adopted' | 'gap'
  readonly base: number
  readonly next: number
  /** Messages in it, and their bytes; 0 where another counted them. */
  readonly count: number
  readonly rawBytes: number
}

export interface ChainWriterOptions {
  readonly archive: Archive
  readonly chain: Chain
  /** Where the chain ends. */
  readonly position: number
  readonly writer: string
  /** An object is put when it holds this much, packed. */
  readonly objectBytes: number
  readonly memberBytes: number
  readonly level: number
  /** Milliseconds, monotonic. */
  readonly clock: () => number
  /** Milliseconds since 1970; `Date.now` unless said. */
  readonly nowMs?: () => number
  /** Asked before every put; throws LogReplaced when the log is not the one that the chain is of. */
  readonly checkLog: () => Promise<void>
  readonly onWritten: (object: WrittenObject) => void
}

/**
 * Lengthens the chain of one partition. Every object is created at the position where the one before ends, and never overwritten: of
 * two writers one creates and the other goes on behind it, so the chain neither forks nor overlaps, and whoever dies with messages
 * in memory loses nothing that the log does not hand out again. One call at a time.
 */
export interface ChainWriter {
  readonly chain: Chain
  /** Up to here messages were taken; earlier ones are skipped. */
  position(): number
  /** Up to here they are archived. */
  archived(): number
  heldBytes(): number
  /** `clock` when the oldest message not archived yet was taken; null: none is waiting. */
  waitingSinceMs(): number | null
  /** Takes messages that end at `next`, putting objects as they fill. On a TransientFault it keeps what it took; the same messages may be given again. */
  take(records: readonly LogRecord[], next: number): Promise<void>
  /** Puts what waits. */
  flush(): Promise<void>
  /** Messages below `to` are gone from the log: puts what waits, then an object that says so. */
  writeGap(to: number): Promise<void>
}

export function createChainWriter(options: ChainWriterOptions): ChainWriter {
  const { archive, chain, clock } = options
  let position = options.position
  let building = createObjectBuilder(position, options)
  let sinceMs: number | null = null

  return {
    chain,
    position: () => position,
    archived: () => building.base,
    heldBytes: () => building.heldBytes(),
    waitingSinceMs: () => sinceMs,
    flush,

    async take(records, next) {
      if (isFull()) await flush()
      for (const record of records) {
        if (record.offset < position) continue
        sinceMs ??= clock()
        await building.append(record)
        position = record.offset + 1
        if (isFull()) await flush()
      }
      position = Math.max(position, next)
    },

    async writeGap(to) {
      await flush()
      while (building.base < to) {
        const { base } = building
        const { bytes, metadata } = await markerObject(chain, {
          kind: 'gap',
          base,
          next: to,
          reason: 'no longer kept by the log',
          writer: options.writer,
        })
        await options.checkLog()
        const outcome = await archive.put(objectKey(chain, base), bytes, metadataText(metadata))
        const next = outcome === 'created' ? to : (await describe(base)).next
        options.onWritten({ result: outcome === 'created' ? 'gap' : 'adopted', base, next, count: 0, rawBytes: 0 })
        continueAt(next)
      }
    },
  }

  function isFull(): boolean {
    return building.count() > 0 && (building.heldBytes() >= options.objectBytes || building.hasAllItsMembers())
  }

  async function flush(): Promise<void> {
    while (building.count() > 0) {
      const made = building
      await options.checkLog()
      const object = await made.finish(position, options.writer)
      const written = await put(object, made)
      const rest = written.next < position ? await made.recordsFrom(written.next) : []
      options.onWritten(written)
      continueAt(written.next)
      // What an adopted object does not reach is ours to write, behind it.
      for (const record of rest) await building.append(record)
      if (building.count() === 0) return
      sinceMs = clock()
    }
  }

  function continueAt(next: number): void {
    building = createObjectBuilder(next, options)
    position = Math.max(position, next)
    sinceMs = null
  }

  async function put({ bytes, metadata }: FinishedObject, made: ObjectBuilder): Promise<WrittenObject> {
    const outcome = await archive.put(objectKey(chain, made.base), bytes, metadataText(metadata))
    const written = { base: made.base, next: metadata.next, count: made.count(), rawBytes: made.rawBytes() }
    const there = outcome === 'created' ? metadata : await describe(made.base)
    // Also by an earlier try of ours whose answer was lost.
    if (there.sha256 === metadata.sha256 && there.next === metadata.next) {
      await requireItsPlace(made.base, metadata)
      return { ...written, result: 'created' }
    }
    if (there.kind === 'messages') await requireSameBeginning(there, made)
    return { result: 'adopted', base: made.base, next: there.next, count: 0, rawBytes: 0 }
  }

  /**
   * A key is free again when its object was joined with others or removed by retention, for messages of an hour ago at least. Only a
   * zombie comes back to one: what it wrote counts for nothing, and it must not go on from there.
   */
  async function requireItsPlace(base: number, { firstTimeMs }: ObjectMetadata): Promise<void> {
    if (firstTimeMs !== null && (options.nowMs ?? Date.now)() - firstTimeMs < YOUNG_MS) return
    const spans = await listSpans(archive, chain)
    if (!spans.some((span) => span.base <= base && base < span.next)) return
    await archive.remove(objectKey(chain, base))
    throw new OwnershipLost(`What begins at ${base} in ${chain.topic}/${chain.partition} was archived long ago`)
  }

  async function describe(base: number): Promise<ObjectMetadata> {
    const key = objectKey(chain, base)
    const found = await archive.head(key)
    if (found === null) throw new TransientFault('archive', `${key} was there and is not any more.`)
    const metadata = readMetadata(found.metadata)
    if (metadata === null || metadata.base !== base)
      throw new ChainConflict(`${key} exists, and its metadata are not those of an archive object`)
    return metadata
  }

  /** The key says that it is the same log; the first message must be the same too. */
  async function requireSameBeginning(there: ObjectMetadata, made: ObjectBuilder): Promise<void> {
    const key = objectKey(chain, there.base)
    const [ours] = await made.recordsFrom(made.base)
    const [place] = there.members
    const member = place && (await archive.get(key, place))
    const frames = member ? await unpackMember(member) : null
    const [theirs] = frames ? decodeFrames(frames).records : []
    if (theirs === undefined) throw new ChainConflict(`${key} exists and cannot be read`)
    if (theirs.offset !== ours?.offset || sha256Of(theirs.value) !== sha256Of(ours.value))
      throw new ChainConflict(
        `${key} exists and begins with another message (offset ${theirs.offset}) than the log (offset ${ours?.offset})`,
      )
  }
}
