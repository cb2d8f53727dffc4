import { normalizerWorker } from '@dateline/normalizer'
import { type AppendRecord, type LogRecord, partitionOf } from '@dateline/ports'
import { publisherWorker } from '@dateline/publisher'
import { storyPartitions, wireTopic } from '@dateline/runtime'
import { structuredEvent } from '@dateline/story'
import { feedOf, type PreviewOptions } from './preview-feed.ts'

export interface PreviewLine {
  readonly outcome: string
  /** The event, or the outcome with its reason. */
  readonly json: string
}

/** What the normalizer and then a publisher without memory would make of one message: a line per item, in the order of the message. */
export function previewMessage(bytes: Buffer, options: PreviewOptions): readonly PreviewLine[] {
  const topic = wireTopic(options.feed)
  const feed = feedOf(options)
  const record: LogRecord = {
    topic,
    partition: 0,
    offset: options.offset,
    timeMs: options.capturedAtMs,
    key: null,
    value: bytes,
    headers: options.contentType === undefined ? [] : [['content-type', Buffer.from(options.contentType)]],
  }
  const normalized = normalizerWorker('live', { get: () => feed }).handle({
    topic,
    logId: 'preview',
    partition: 0,
    records: [record],
  })
  const lines = new Map<number, PreviewLine>()
  for (const entry of normalized.tally) lines.set(itemOf(entry.position), outcomeLine(entry))
  const parsed = normalized.appends.filter((append) => append.topic === 'stories.parsed')
  const publisher = publisherWorker({ instance: options.settings.instance })
  parsed.forEach((append, index) => {
    const partition = partitionOf(append.key, storyPartitions)
    const input: LogRecord = {
      topic: 'stories.parsed',
      partition,
      offset: index,
      timeMs: options.capturedAtMs,
      key: null,
      value: buffer(append.value),
      headers: [],
    }
    const result = publisher.fold(
      { topic: 'stories.parsed', logId: 'preview', partition, records: [input] },
      { value: () => undefined, group: () => new Map() },
    )
    const event = result.appends.find((published) => published.topic === 'stories')
    for (const entry of result.tally)
      lines.set(
        itemOf(entry.position),
        event === undefined
          ? outcomeLine(entry)
          : {
              outcome: entry.outcome,
              json: structuredEvent({ headers: event.headers ?? [], value: buffer(event.value) }),
            },
      )
  })
  return [...lines].sort(([a], [b]) => a - b).map(([, line]) => line)
}

const outcomeLine = (entry: {
  readonly outcome: string
  readonly reason: string
  readonly detail?: string
  readonly position: string
}): PreviewLine => ({
  outcome: entry.outcome,
  json: JSON.stringify({
    outcome: entry.outcome,
    reason: entry.reason,
    detail: entry.detail,
    position: entry.position,
  }),
})

const itemOf = (position: string): number => Number(/#(\d+)$/.exec(position)?.[1] ?? 0)

const buffer = (value: AppendRecord['value']): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : Buffer.from(value ?? new Uint8Array())
