import type { Archive } from '@dateline/ports'
import type { Segment } from './chain-segments.ts'
import { type ObjectMetadata, readMetadata } from './object-metadata.ts'
import { ObjectDamaged } from './read-member.ts'

/** An object that was listed is gone: joined with others, or removed. Look at the chain again. */
export class SegmentGone extends Error {
  constructor(key: string) {
    super(`${key} is gone`)
    this.name = 'SegmentGone'
  }
}

/** What an object says of itself. Throws SegmentGone, or ObjectDamaged where it says nothing that can be read. */
export async function segmentMetadata(archive: Archive, { key }: Pick<Segment, 'key'>): Promise<ObjectMetadata> {
  const head = await archive.head(key)
  if (head === null) throw new SegmentGone(key)
  const metadata = readMetadata(head.metadata)
  if (metadata === null) throw new ObjectDamaged(key, 'it has no readable metadata')
  return metadata
}
