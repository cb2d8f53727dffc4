import { type NormalizedMessage, normalize } from '@dateline/normalize'
import { headerText, type LogRecord } from '@dateline/ports'
import { type Feeds, feedOfTopic } from '@dateline/runtime'

export interface AgainOptions {
  /** By `formatPosition`, of the message. */
  readonly position: string
  /** `<id>.<n>` */
  readonly attempt: string
  readonly replayId: string
  /** Where the record does not say it. */
  readonly contentType?: string | undefined
}

/** The normalizer's own function over a wire message as it lies in the log or the archive: only attempt and lane differ. */
export function normalizeAgain(
  record: Pick<LogRecord, 'topic' | 'timeMs' | 'value' | 'headers'>,
  feeds: Pick<Feeds, 'get'>,
  options: AgainOptions,
): NormalizedMessage {
  const name = feedOfTopic(record.topic) ?? record.topic
  const feed = feeds.get(name) ?? { name, supplier: name.split('-')[0] ?? name }
  const contentType = headerText(record, 'content-type') ?? options.contentType
  const traceparent = headerText(record, 'traceparent')
  return normalize({
    bytes: record.value ?? new Uint8Array(),
    feed,
    receivedAtMs: record.timeMs,
    position: options.position,
    lane: 'replay',
    attempt: options.attempt,
    replayId: options.replayId,
    ...(contentType === undefined ? {} : { contentType }),
    ...(traceparent === undefined ? {} : { traceparent }),
  })
}
