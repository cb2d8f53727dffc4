import type { EventLog, LogRecord } from '@dateline/ports'

/** A partition from its earliest record to where it ended when the reading began. */
export async function* readPartition(
  log: EventLog,
  topic: string,
  partition: number,
  from?: number,
): AsyncGenerator<LogRecord> {
  const bounds = (await log.offsets(topic)).find((entry) => entry.partition === partition)
  if (bounds === undefined) return
  let next = Math.max(from ?? bounds.low, bounds.low)
  while (next < bounds.high) {
    const records = await log.read(topic, partition, next, { maxRecords: 1_000, maxBytes: 8_388_608 })
    const last = records.at(-1)
    if (last === undefined) return
    for (const record of records) if (record.offset < bounds.high) yield record
    next = last.offset + 1
  }
}
