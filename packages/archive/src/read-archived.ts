import type { Archive, LogRecord } from '@dateline/ports'
import { type Segment, segmentAt } from './chain-segments.ts'
import { lookAgain } from './look-again.ts'
import type { Chain } from './object-key.ts'
import { ObjectDamaged, readMember } from './read-member.ts'
import { SegmentGone, segmentMetadata } from './segment-metadata.ts'

/**
 * One message by its position, reading one member of one object and checking the message's sha256. null: not archived, or no message
 * lies there. Throws for an object that is damaged.
 */
export async function readArchived(
  archive: Archive,
  position: Chain & { readonly offset: number },
): Promise<LogRecord | null> {
  return (await findArchived(archive, position))?.record ?? null
}

/** The same, and the key of the object that holds it. */
export async function findArchived(
  archive: Archive,
  position: Chain & { readonly offset: number },
): Promise<{ readonly record: LogRecord; readonly key: string } | null> {
  const { topic, logId, partition, offset } = position
  return lookAgain(async () => {
    const segment = await segmentAt(archive, { topic, logId, partition }, offset)
    if (segment === null || segment.kind === 'removed') return null
    const record = await recordIn(archive, segment, offset)
    return record && { record, key: segment.key }
  })
}

async function recordIn(archive: Archive, segment: Segment, offset: number): Promise<LogRecord | null> {
  const metadata = await segmentMetadata(archive, segment)
  if (offset >= metadata.next) return null
  const place = metadata.members.findLast((member) => member.firstOffset <= offset)
  if (place === undefined) return null
  const read = await readMember(archive, segment.key, place)
  if (read === null) throw new SegmentGone(segment.key)
  const record = read.records.find((one) => one.offset === offset) ?? null
  if (record === null && read.fault !== null) throw new ObjectDamaged(segment.key, read.fault)
  return record
}
