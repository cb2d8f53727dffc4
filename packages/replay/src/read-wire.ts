import { readArchived } from '@dateline/archive'
import type { Engines, LogRecord } from '@dateline/ports'
import { parsePosition } from '@dateline/story'

/** A wire message by its position (an item's names its message): from the log while it keeps it, else from the archive; null when it is in neither. */
export async function readWire(engines: Pick<Engines, 'log' | 'archive'>, position: string): Promise<LogRecord | null> {
  const at = parsePosition(position)
  if (at === null) return null
  const [info] = await engines.log.topics([at.topic])
  if (info?.logId === at.logId && at.partition < info.partitions) {
    const [record] = await engines.log.read(at.topic, at.partition, at.offset, { maxRecords: 1 })
    if (record?.offset === at.offset) return record
  }
  return readArchived(engines.archive, at)
}
