import type { EventLog, LogRecord } from '@dateline/ports'

export interface RecentRecords {
  keep(record: LogRecord): void
  /** From memory, else from the log; null when the log does not keep it any more. */
  find(log: EventLog, topic: string, partition: number, offset: number): Promise<LogRecord | null>
}

/** The newest records, bounded by bytes: what a delivery needs is nearly always still here. */
export function createRecentRecords(maxBytes: number): RecentRecords {
  const records = new Map<string, LogRecord>()
  let bytes = 0
  return {
    keep(record) {
      records.set(keyOf(record.topic, record.partition, record.offset), record)
      bytes += record.value?.byteLength ?? 0
      for (const [key, oldest] of records) {
        if (bytes <= maxBytes) break
        records.delete(key)
        bytes -= oldest.value?.byteLength ?? 0
      }
    },
    async find(log, topic, partition, offset) {
      const kept = records.get(keyOf(topic, partition, offset))
      if (kept !== undefined) return kept
      const [record] = await log.read(topic, partition, offset, { maxRecords: 1 })
      return record?.offset === offset ? record : null
    },
  }
}

const keyOf = (topic: string, partition: number, offset: number): string => `${topic}/${partition}/${offset}`
