import { hash } from 'node:crypto'
import type { Archive } from '@dateline/ports'
import { decodeFrames } from './frames.ts'
import { splitMembers, unpackMember } from './members.ts'
import { type Chain, objectKey } from './object-key.ts'
import { type MemberPlace, type ObjectMetadata, readMetadata } from './object-metadata.ts'

/** What one object holds, or the first thing wrong with it. */
export type VerifiedObject =
  | { readonly fault: null; readonly metadata: ObjectMetadata }
  | { readonly fault: string; readonly metadata: ObjectMetadata | null }

/** Reads an object whole and checks everything that its key, its metadata and its bytes say of each other. Throws only what the archive throws. */
export async function verifyObject(archive: Archive, chain: Chain, base: number): Promise<VerifiedObject> {
  const key = objectKey(chain, base)
  const head = await archive.head(key)
  if (head === null) return { fault: `the object at ${base} is gone`, metadata: null }
  const metadata = readMetadata(head.metadata)
  if (metadata === null) return { fault: `the object at ${base} has no readable metadata`, metadata: null }
  const fault = (text: string): VerifiedObject => ({ fault: `the object at ${base}: ${text}`, metadata })
  if (metadata.base !== base) return fault(`its metadata say that it begins at ${metadata.base}`)

  const bytes = await archive.get(key)
  if (bytes === null) return fault('it is gone')
  const split = splitMembers(bytes)
  if (split.fault !== null) return fault(split.fault)
  if (hash('sha256', bytes) !== metadata.sha256) return fault('it does not have its sha256')
  if (metadata.kind !== 'messages') return { fault: null, metadata }

  if (!agree(metadata.members, split.lengths)) return fault('its index does not fit its members')
  const problem = await contentFault(bytes, chain, metadata)
  return problem === null ? { fault: null, metadata } : fault(problem)
}

const agree = (places: readonly MemberPlace[], lengths: readonly number[]): boolean =>
  places.length === lengths.length && places.every((place, at) => place.length === lengths[at])

async function contentFault(bytes: Buffer, chain: Chain, metadata: ObjectMetadata): Promise<string | null> {
  let count = 0
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
    }
    count += records.length
  }
  if (last >= metadata.next) return `offset ${last} lies behind its end at ${metadata.next}`
  if (count !== metadata.count) return `it holds ${count} messages and says ${metadata.count}`
  return null
}
