import { headerText, type LogRecord } from '@dateline/ports'
import { structuredEvent } from '@dateline/story'

/** A story as readers get it, made once for all of them. Holds no view into what the log fetched. */
export interface StoryEntry {
  readonly partition: number
  readonly offset: number
  readonly timeMs: number
  readonly key: string
  readonly supplier: string
  readonly type: string
  /** CloudEvents JSON on one line, UTF-8. */
  readonly event: Buffer
}

export function storyEntry(record: LogRecord): StoryEntry {
  return {
    partition: record.partition,
    offset: record.offset,
    timeMs: record.timeMs,
    key: record.key?.toString('utf8') ?? '',
    supplier: headerText(record, 'ce_supplier') ?? '',
    type: headerText(record, 'ce_type') ?? 'message',
    event: Buffer.from(structuredEvent(record)),
  }
}
