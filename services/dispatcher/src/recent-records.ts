import type { EventLog, LogRecord } from '@dateline/ports'

export interface RecentRecords {
  keep(record: LogRecord): void
  /** From memory, else from the log; null when the log does not keep it any more. */
  find(partition: number, offset: number): Promise<LogRecord | null>
}

/** The newest records of a topic, bounded by bytes: what a delivery needs is nearly always still here. */
export function createRecentRecords(
  log: EventLog,
  topic: string,
  options: { readonly maxBytes: number },
): RecentRecords {
  const records = new Map<string, LogRecord>()
  let bytes = 0
  return {
    keep(record) {
      const name = nameOf(record.partition, record.offset)
      if (records.has(name)) return
      const kept = copyOf(record)
      records.set(name, kept)
      bytes += sizeOf(kept)
      for (const [oldest, { value }] of records) {
        if (bytes <= options.maxBytes) break
        records.delete(oldest)
        bytes -= sizeOf({ value })
      }
    },
    async find(partition, offset) {
      const kept = records.get(nameOf(partition, offset))
      if (kept !== undefined) return kept
      const [record] = await log.read(topic, partition, offset, { maxRecords: 1 })
      return record?.offset === offset ? record : null
    },
  }
}

/** What a log hands out may be a view into a much larger fetch. */
const copyOf = (record: LogRecord): LogRecord => ({
  ...record,
  key: record.key === null ? null : Buffer.from(record.key),
  value: record.value === null ? null : Buffer.from(record.value),
  headers: record.headers.map(([name, value]) => [name, Buffer.from(value)] as const),
})

const overheadBytes = 3_000
const sizeOf = ({ value }: Pick<LogRecord, 'value'>): number => (value?.byteLength ?? 0) + overheadBytes

const nameOf = (partition: number, offset: number): string => `${partition}/${offset}`
