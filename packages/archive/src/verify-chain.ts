import type { Archive } from '@dateline/ports'
import { chainSegments, type Segment } from './chain-segments.ts'
import { sha256Of } from './frames.ts'
import type { Chain } from './object-key.ts'
import { type ObjectMetadata, readMetadata } from './object-metadata.ts'
import { readMember } from './read-member.ts'
import { verifyObject } from './verify-object.ts'

export interface VerifiedPartition extends Chain {
  readonly from: number
  /** Where the chain ends; with a fault: how far it is proved. */
  readonly to: number
  readonly objects: number
  readonly messages: number
  /** Positions that the chain says were lost to the log's retention, or removed later. Known losses are no fault of the archive. */
  readonly lost: number
  /** The first thing wrong; null: whole. */
  readonly fault: string | null
  /** Of the object at fault, or behind the fault; null: whole, or no object is there. */
  readonly faultKey: string | null
}

/** How far a partition is proved, to go on from there. */
export interface VerifiedSoFar extends Omit<VerifiedPartition, keyof Chain | 'fault' | 'faultKey'> {
  /** Where the last object that was proved begins. */
  readonly last: number
}

export interface VerifyChainOptions {
  /** The archiver had stored everything below this offset. */
  readonly storedTo?: number
  /** Whether the log has a message from the one offset on and below the other. */
  readonly isMessageBetween?: (from: number, to: number) => Promise<boolean>
  readonly resume?: (chain: Chain) => VerifiedSoFar | undefined
  readonly onProved?: (chain: Chain, soFar: VerifiedSoFar) => void
}

const nothing: VerifiedSoFar = { from: 0, to: 0, last: -1, objects: 0, messages: 0, lost: 0 }

/** A chain begins at 0, each object begins where the one before ends, and each is what it says. */
export async function verifyChain(
  archive: Archive,
  chain: Chain,
  options: VerifyChainOptions = {},
): Promise<VerifiedPartition> {
  const { storedTo = 0, isMessageBetween = async () => true } = options
  let soFar = options.resume?.(chain) ?? nothing
  let faultKey: string | null = null
  for (let triedAt = -1; ; ) {
    faultKey = null
    const fault = await follow()
    const { last: _last, ...proved } = soFar
    // Objects may have been joined or removed while we read: a fault that a second look does not find was none.
    if (fault === null || triedAt === soFar.to)
      return { ...chain, ...proved, fault, faultKey: fault === null ? null : faultKey }
    triedAt = soFar.to
  }

  async function follow(): Promise<string | null> {
    let before: Segment | null = null
    const { last, to } = soFar
    // The end of what was proved before, or by the look before this one.
    let isEndThere = to === 0
    const endGone = `what was proved up to offset ${to} is not there any more: the object that ended there is gone`
    for await (const segment of chainSegments(archive, chain, Math.max(0, soFar.last))) {
      const isProved = segment.kind === 'raw' ? segment.base <= soFar.last : (segment.next ?? 0) <= soFar.to
      if (isProved ? segment.base === last || segment.next === to : segment.base < to) isEndThere = true
      if (!isProved) faultKey = segment.key
      if (!isProved && !isEndThere) return endGone
      if (!isProved) {
        const from = segment.kind === 'raw' ? segment.base : Math.max(segment.from, soFar.to)
        const link = from === soFar.to ? null : await linkFault(archive, { segment, before, end: soFar.to })
        if (soFar.objects === 0) soFar = { ...soFar, from }
        if (link !== null) return link
        const verified = await verifyObject(archive, chain, segment)
        if (verified.fault !== null) return verified.fault
        soFar = further(soFar, { ...verified, base: segment.base, from })
        options.onProved?.(chain, soFar)
        faultKey = null
      }
      before = segment
    }
    if (!isEndThere) return endGone
    return soFar.to < storedTo && (await isMessageBetween(soFar.to, storedTo))
      ? `the archiver had stored the messages up to offset ${storedTo}, and the archive ends at ${soFar.to}: objects were removed`
      : null
  }
}

const further = (
  before: VerifiedSoFar,
  object: {
    readonly metadata: ObjectMetadata
    readonly offsets: readonly number[]
    readonly base: number
    readonly from: number
  },
): VerifiedSoFar => ({
  from: before.from,
  to: object.metadata.next,
  last: object.base,
  objects: before.objects + 1,
  messages: before.messages + object.offsets.filter((offset) => offset >= object.from).length,
  lost: before.lost + (object.metadata.kind === 'messages' ? 0 : object.metadata.next - object.from),
})

async function linkFault(
  archive: Archive,
  { segment, before, end }: { readonly segment: Segment; readonly before: Segment | null; readonly end: number },
): Promise<string> {
  const { from, base } = segment
  if (from > end) return `a gap: nothing covers the offsets ${end} to ${from - 1}`
  const twin = before === null ? '' : await twinText(archive, before, segment)
  return `an overlap: the object at ${base} begins before the one in front of it ends, at ${end}${twin}`
}

/** Whether what is there twice is the same, as a writer leaves it that did not see the other, or something else. */
async function twinText(archive: Archive, one: Segment, other: Segment): Promise<string> {
  const [left, right] = [await hashesOf(archive, one), await hashesOf(archive, other)]
  const both = [...right.keys()].filter((offset) => left.has(offset))
  if (both.length === 0) return ''
  const differs = both.find((offset) => left.get(offset) !== right.get(offset))
  return differs === undefined
    ? `. The ${both.length} messages that both hold are the same`
    : `. Both hold another message at offset ${differs}`
}

async function hashesOf(archive: Archive, { key }: Segment): Promise<ReadonlyMap<number, string | null>> {
  const hashes = new Map<number, string | null>()
  const head = await archive.head(key)
  const metadata = head && readMetadata(head.metadata)
  for (const place of metadata?.members ?? []) {
    const read = await readMember(archive, key, place)
    for (const { offset, value } of read?.records ?? []) hashes.set(offset, sha256Of(value))
  }
  return hashes
}
