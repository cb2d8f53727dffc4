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
  return readable({ key, metadata: await askSegment(archive, key) })
}

/** null where it says nothing that can be read. Throws SegmentGone. */
export async function askSegment(archive: Archive, key: string): Promise<ObjectMetadata | null> {
  const head = await archive.head(key)
  if (head === null) throw new SegmentGone(key)
  return readMetadata(head.metadata)
}

/** Throws ObjectDamaged where there is nothing to be read. */
export function readable({
  key,
  metadata,
}: {
  readonly key: string
  readonly metadata: ObjectMetadata | null
}): ObjectMetadata {
  if (metadata === null) throw new ObjectDamaged(key, 'it has no readable metadata')
  return metadata
}
