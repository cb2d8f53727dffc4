import type { Archive } from '@dateline/ports'
import { chainSegments, type Segment } from './chain-segments.ts'
import { createObjectBuilder, type ObjectBuilder } from './object-builder.ts'
import type { Chain } from './object-key.ts'
import { MOST_MEMBERS, metadataText, type ObjectMetadata } from './object-metadata.ts'
import { readMembers } from './read-members.ts'
import { SegmentGone, segmentMetadata } from './segment-metadata.ts'
import { spanKey } from './span-key.ts'

export interface JoinedObject {
  readonly key: string
  readonly base: number
  readonly next: number
  /** How many objects it stands for, and their messages. */
  readonly objects: number
  readonly messages: number
}

export interface JoinOptions {
  /** Only days (UTC) that ended before. */
  readonly beforeMs: number
  readonly writer: string
  readonly memberBytes?: number
  /** A joined object is ended when it holds this much, packed; 64 MB unless said. */
  readonly objectBytes?: number
  /** Where to begin: up to here an earlier call found nothing left to join. */
  readonly from?: number
  /** Told at the end from where on a later call may find something. */
  readonly onSettled?: (from: number) => void
  /** Awaited between members, for whoever shares a processor with the live wire. */
  readonly rest?: () => Promise<void>
}

interface Run {
  readonly day: number
  readonly builder: ObjectBuilder
  next: number
  objects: number
  /** What is not read yet: a day may have no other object. */
  first: { readonly segment: Segment; readonly metadata: ObjectMetadata } | null
}

const DAY_MS = 86_400_000
const MEMBER_BYTES = 1_048_576
const LARGEST = 67_108_864

/**
 * Joins the objects of a day into large ones. A joined object is created, never overwritten, and stands in the chain for the small ones
 * from that moment on; `sweepChain` removes those, now or after a crash. The last object of a chain, where an archiver goes on, is
 * left as it is. Two that join at once may make objects that overlap: each holds all that it stands for. Throws for an object that is damaged.
 */
export async function* joinObjects(archive: Archive, chain: Chain, options: JoinOptions): AsyncGenerator<JoinedObject> {
  const { beforeMs, writer, memberBytes = MEMBER_BYTES, objectBytes = LARGEST } = options
  let run: Run | null = null
  let last: Segment | null = null
  try {
    let isBehindRaw = false
    for await (const segment of chainSegments(archive, chain, options.from)) {
      if (last !== null) {
        const isAlone = !isBehindRaw && segment.kind !== 'raw'
        if (!(yield* take(last, isAlone))) break
        isBehindRaw = last.kind === 'raw'
      }
      last = segment
    }
    const from = loneBase() ?? last?.from
    yield* endRun()
    if (from !== undefined) options.onSettled?.(from)
  } catch (error) {
    // Somebody else joins or removes here at this moment.
    if (!(error instanceof SegmentGone)) throw error
  }

  /** False when nothing behind it can be joined yet. One that stands alone between spans is not asked. */
  async function* take(segment: Segment, isAlone: boolean): AsyncGenerator<JoinedObject, boolean> {
    if (segment.kind !== 'raw' || isAlone) {
      yield* endRun()
      return true
    }
    const metadata = await segmentMetadata(archive, segment)
    const { firstTimeMs, lastTimeMs } = metadata
    if (metadata.kind !== 'messages' || firstTimeMs === null) {
      yield* endRun()
      return true
    }
    const day = Math.floor(firstTimeMs / DAY_MS)
    if (Math.max(lastTimeMs ?? 0, (day + 1) * DAY_MS) > beforeMs) return false
    if (run !== null && !(run.day === day && run.next === segment.base && (await hasRoom(run, metadata))))
      yield* endRun()
    if (run !== null) {
      await append(run, segment, metadata)
      return true
    }
    const builder = createObjectBuilder(segment.base, { memberBytes, level: 3 })
    run = { day, builder, next: metadata.next, objects: 1, first: { segment, metadata } }
    return true
  }

  async function hasRoom(open: Run, { members }: ObjectMetadata): Promise<boolean> {
    const { builder, first } = open
    open.first = null
    if (first !== null) await read(builder, first.segment, first.metadata)
    return builder.memberCount() + members.length <= MOST_MEMBERS && builder.heldBytes() < objectBytes
  }

  async function append(open: Run, segment: Segment, metadata: ObjectMetadata): Promise<void> {
    await read(open.builder, segment, metadata)
    open.next = metadata.next
    open.objects += 1
  }

  async function read(into: ObjectBuilder, { key }: Segment, { members }: ObjectMetadata): Promise<void> {
    for await (const records of readMembers(archive, key, members)) {
      for (const record of records) await into.append(record)
      await options.rest?.()
    }
  }

  /** An object that may still be joined with the next one, of the same day. */
  function loneBase(): number | null {
    return run?.objects === 1 ? run.builder.base : null
  }

  async function* endRun(): AsyncGenerator<JoinedObject> {
    const ended = run
    run = null
    if (ended === null || ended.objects < 2) return
    const { builder, next, objects } = ended
    const { base } = builder
    const { bytes, metadata } = await builder.finish(next, writer)
    const key = spanKey(chain, { kind: 'joined', base, next })
    await archive.put(key, bytes, metadataText(metadata))
    yield { key, base, next, objects, messages: builder.count() }
  }
}
