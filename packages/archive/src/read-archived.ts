import type { Archive, LogRecord } from '@dateline/ports'
import { findObjectAt } from './find-object.ts'
import { decodeFrames } from './frames.ts'
import { unpackMember } from './members.ts'
import type { Chain } from './object-key.ts'
import { readMetadata } from './object-metadata.ts'

/**
 * One message by its position, reading one member of one object and checking the message's sha256. null: not archived, or no message
 * lies there. Throws for an object that is damaged.
 */
export async function readArchived(
  archive: Archive,
  position: Chain & { readonly offset: number },
): Promise<LogRecord | null> {
  const { topic, logId, partition, offset } = position
  const found = await findObjectAt(archive, { topic, logId, partition }, offset)
  const head = found && (await archive.head(found.key))
  if (!head) return null
  const metadata = readMetadata(head.metadata)
  if (metadata === null) throw new Error(`${found.key} has no readable metadata: run dateline archive verify`)
  if (offset >= metadata.next) return null
  const place = metadata.members.findLast((member) => member.firstOffset <= offset)
  const member = place && (await archive.get(found.key, place))
  if (!member) return null
  const frames = await unpackMember(member)
  const decoded = frames && decodeFrames(frames)
  const record = decoded?.records.find((one) => one.offset === offset) ?? null
  if (!decoded || (record === null && decoded.fault !== null))
    throw new Error(
      `${found.key} is damaged: ${decoded?.fault ?? 'a member cannot be unpacked'}. Run dateline archive verify`,
    )
  return record
}
