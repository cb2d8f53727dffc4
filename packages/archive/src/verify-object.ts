import { hash } from 'node:crypto'
import type { Archive } from '@dateline/ports'
import type { Segment } from './chain-segments.ts'
import { decodeFrames } from './frames.ts'
import { splitMembers, unpackMember } from './members.ts'
import type { Chain } from './object-key.ts'
import { type MemberPlace, type ObjectMetadata, readMetadata } from './object-metadata.ts'

/** What one object holds, or the first thing wrong with it. */
export type VerifiedObject =
  | {
      readonly fault: null
      readonly metadata: ObjectMetadata
      /** Offsets of its messages. */
      readonly offsets: readonly number[]
    }
  | { readonly fault: string; readonly metadata: ObjectMetadata | null }

/** Reads an object whole and checks everything that its key, its metadata and its bytes say of each other. Throws only what the archive throws. */
export async function verifyObject(
  archive: Archive,
  chain: Chain,
  { key, base, next, kind }: Pick<Segment, 'key' | 'base' | 'next' | 'kind'>,
): Promise<VerifiedObject> {
  const head = await archive.head(key)
  if (head === null) return { fault: `the object at ${base} is gone`, metadata: null }
  const metadata = readMetadata(head.metadata)
  if (metadata === null) return { fault: `the object at ${base} has no readable metadata`, metadata: null }
  const fault = (text: string): VerifiedObject => ({ fault: `the object at ${base}: ${text}`, metadata })
  if (metadata.base !== base) return fault(`its metadata say that it begins at ${metadata.base}`)
  if (next !== null && metadata.next !== next) return fault(`its metadata say that it ends at ${metadata.next}`)
  if ((kind === 'removed') !== (metadata.kind === 'removed'))
    return fault(`its metadata say that it is ${metadata.kind}`)

  const bytes = await archive.get(key)
  if (bytes === null) return fault('it is gone')
  const whole = metadata.members.reduce((sum, { length }) => sum + length, 0)
  if (bytes.length < whole) return fault(`the object is cut: it has ${bytes.length} bytes of ${whole}`)
  const split = splitMembers(bytes)
  if (split.fault !== null) return fault(split.fault)
  if (hash('sha256', bytes) !== metadata.sha256) return fault(await unlike(bytes, metadata))
  if (metadata.kind !== 'messages') return { fault: null, metadata, offsets: [] }

  if (!agree(metadata.members, split.lengths)) return fault('its index does not fit its members')
  const content = await contentOf(bytes, chain, metadata)
  return typeof content === 'string' ? fault(content) : { fault: null, metadata, offsets: content }
}

/** Which of the members is to blame for a sha256 that does not fit, where that can be told. */
async function unlike(bytes: Buffer, { members }: ObjectMetadata): Promise<string> {
  const text = 'it does not have its sha256'
  for (const { start, length, firstOffset } of members) {
    const frames = await unpackMember(bytes.subarray(start, start + length))
    if (frames === null)
      return `${text}: the member at byte ${start}, with the messages from offset ${firstOffset} on, is damaged`
    const { fault } = decodeFrames(frames)
    if (fault !== null) return `${text}: in the member at byte ${start} ${fault}`
  }
  return text
}

const agree = (places: readonly MemberPlace[], lengths: readonly number[]): boolean =>
  places.length === lengths.length && places.every((place, at) => place.length === lengths[at])

/** The offsets of its messages, or what is wrong. */
async function contentOf(bytes: Buffer, chain: Chain, metadata: ObjectMetadata): Promise<readonly number[] | string> {
  const offsets: number[] = []
  let last = metadata.base - 1
  for (const place of metadata.members) {
    const frames = await unpackMember(bytes.subarray(place.start, place.start + place.length))
    if (frames === null) return `the member at byte ${place.start} is damaged`
    const { records, fault } = decodeFrames(frames)
    if (fault !== null) return `in the member at byte ${place.start} ${fault}`
    if (records[0]?.offset !== place.firstOffset) return 'its index does not fit its messages'
    for (const record of records) {
      if (record.topic !== chain.topic || record.partition !== chain.partition)
        return `offset ${record.offset} is of ${record.topic}/${record.partition}`
      if (record.offset <= last) return `offset ${record.offset} stands behind ${last}`
      last = record.offset
      offsets.push(last)
    }
  }
  if (last >= metadata.next) return `offset ${last} lies behind its end at ${metadata.next}`
  if (offsets.length !== metadata.count) return `it holds ${offsets.length} messages and says ${metadata.count}`
  return offsets
}
