import type { Archive } from '@dateline/ports'
import { segmentAt } from './chain-segments.ts'
import type { Chain } from './object-key.ts'
import { segmentMetadata } from './segment-metadata.ts'

/** Why no message is archived at a position, as the end of a sentence that begins with it. */
export async function absenceOf(archive: Archive, position: Chain & { readonly offset: number }): Promise<string> {
  const { topic, logId, partition, offset } = position
  const segment = await segmentAt(archive, { topic, logId, partition }, offset)
  const metadata = segment && (await segmentMetadata(archive, segment))
  if (metadata === null || offset >= metadata.next) return 'is not archived (yet)'
  if (metadata.kind === 'removed') return "was archived, and removed under its supplier's retention"
  if (metadata.kind === 'gap') return 'was lost: the log kept it no longer when the archiver came to it'
  return 'is not in the archive: no message lies there'
}
