import { findArchived, findStory, type StoryMention } from '@dateline/archive'
import { type ItemOutcome, validateReceiptBatch } from '@dateline/contracts'
import { type Archive, type EventLog, headerText, type LogRecord } from '@dateline/ports'
import { readPartition } from '@dateline/runtime'
import { formatPosition, itemPosition, parsePosition, type ReceiptWriter, takesPlace } from '@dateline/story'

/** One message, or one item of it, in which a story was received. */
export interface ReceivedVersion {
  /** `position#i`. */
  readonly position: string
  /** "0", or the id of a replay or retry with its ordinal. */
  readonly attempt: string
  readonly version: string | null
  /** When the log took the message, ISO 8601. */
  readonly receivedAt: string
  /** null: the log keeps its receipt no longer. */
  readonly outcome: string | null
  readonly reason: string | null
  readonly eventId: string | null
  readonly storySeq: number | null
  /** Of a version that was held under embargo; null: not released, or the log keeps the event no longer. */
  readonly released: Release | null
  /** Key of the archive's object; null: not archived yet, or removed by retention. */
  readonly object: string | null
  readonly deliveries: readonly Delivery[]
}

/** The event by which a held version came out. */
export interface Release {
  /** When it was decided, ISO 8601. */
  readonly at: string
  readonly eventId: string
  readonly storySeq: number
}

export interface Delivery {
  readonly subscription: string
  readonly result: string
  readonly at: string
}

export interface ReceivedOptions {
  readonly storiesIn: (record: LogRecord) => readonly StoryMention[]
  /** Whether a feed is of the story's supplier. */
  readonly isOf: (feed: string) => boolean
}

/** Every version of a story that was ever received: by the receipts that the log keeps, and by the archive for what is older. */
export async function receivedVersions(
  engines: { readonly log: EventLog; readonly archive: Archive },
  storyKey: string,
  options: ReceivedOptions,
): Promise<readonly ReceivedVersion[]> {
  const { log, archive } = engines
  const deliveries = await deliveriesOf(log, storyKey)
  const mentions = new Map<string, { readonly version: string | null; readonly key: string; readonly timeMs: number }>()
  for await (const { key, record, mention, topic, logId, partition } of findStory(archive, storyKey, options)) {
    const position = itemPosition(formatPosition({ topic, logId, partition, offset: record.offset }), mention.item)
    mentions.set(position, { version: mention.version ?? null, key, timeMs: record.timeMs })
  }
  const received: ReceivedVersion[] = []
  const outcomes = await outcomesOf(log, storyKey)
  const releaseOf = await releasesOf(log, storyKey, outcomes)
  for (const outcome of outcomes) {
    const { position, attempt, receivedAt, reason, eventId = null, storySeq = null } = outcome
    const mention = mentions.get(position)
    mentions.delete(position)
    const released = releaseOf(outcome)
    received.push({
      position,
      attempt,
      version: outcome.version ?? mention?.version ?? null,
      receivedAt,
      outcome: outcome.outcome,
      reason,
      eventId,
      storySeq,
      released,
      object: mention?.key ?? (await objectOf(archive, position)),
      deliveries: [eventId, released?.eventId].flatMap((id) => deliveries.get(id ?? '') ?? []),
    })
  }
  for (const [position, { version, key, timeMs }] of mentions)
    received.push({ ...noReceipt, position, version, receivedAt: new Date(timeMs).toISOString(), object: key })
  return received.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0))
}

const noReceipt = {
  attempt: '0',
  outcome: null,
  reason: null,
  eventId: null,
  storySeq: null,
  released: null,
  deliveries: [],
} as const

async function objectOf(archive: Archive, position: string): Promise<string | null> {
  const at = parsePosition(position)
  return (at && (await findArchived(archive, at)))?.key ?? null
}

async function outcomesOf(log: EventLog, storyKey: string): Promise<readonly ItemOutcome[]> {
  const outcomes = new Map<string, { readonly writer: ReceiptWriter; readonly outcome: ItemOutcome }>()
  for await (const record of recordsWith(log, 'wire.receipts', storyKey)) {
    const batch = parse(record.value)
    if (!validateReceiptBatch(batch)) continue
    const told = batch.writer === 'publisher' ? batch.outcomes : batch.messages.flatMap((message) => message.outcomes)
    for (const outcome of told) {
      const name = `${outcome.position} ${outcome.attempt}`
      if (outcome.storyKey === storyKey && takesPlace(batch.writer, outcomes.get(name)?.writer))
        outcomes.set(name, { writer: batch.writer, outcome })
    }
  }
  return [...outcomes.values()].map(({ outcome }) => outcome)
}

/**
 * A release changes no receipt: it is the event of the held item's position that no receipt knows. The topic is read only where something was held.
 */
async function releasesOf(
  log: EventLog,
  storyKey: string,
  outcomes: readonly ItemOutcome[],
): Promise<(outcome: ItemOutcome) => Release | null> {
  const known = new Set(outcomes.map(({ eventId }) => eventId))
  const releases = new Map<string, Release[]>()
  if (outcomes.some(({ outcome }) => outcome === 'held')) {
    for await (const record of recordsWith(log, 'stories', storyKey)) {
      const eventId = headerText(record, 'ce_id') ?? ''
      if (record.key?.toString('utf8') !== storyKey || known.has(eventId)) continue
      const position = headerText(record, 'ce_position') ?? ''
      const storySeq = Number(headerText(record, 'ce_storyseq'))
      const at = headerText(record, 'ce_time') ?? new Date(record.timeMs).toISOString()
      releases.set(position, [...(releases.get(position) ?? []), { at, eventId, storySeq }])
    }
  }
  return ({ outcome, position, storySeq = 0 }) =>
    outcome !== 'held' ? null : (releases.get(position)?.find((release) => release.storySeq > storySeq) ?? null)
}

/** By event id. */
async function deliveriesOf(log: EventLog, storyKey: string): Promise<ReadonlyMap<string, readonly Delivery[]>> {
  const deliveries = new Map<string, Delivery[]>()
  for await (const record of recordsWith(log, 'stories.deliveries', storyKey)) {
    const note = parse(record.value) as Partial<Record<string, unknown>> | null
    const { subscription, result, at, eventId } = note ?? {}
    if (note?.storyKey !== storyKey || typeof subscription !== 'string' || typeof eventId !== 'string') continue
    deliveries.set(eventId, [
      ...(deliveries.get(eventId) ?? []),
      { subscription, result: String(result), at: String(at) },
    ])
  }
  return deliveries
}

/** Only records in which the key stands are looked at: reading a month of receipts as JSON would take ten times as long. */
async function* recordsWith(log: EventLog, topic: string, storyKey: string): AsyncGenerator<LogRecord> {
  const text = Buffer.from(JSON.stringify(storyKey))
  if ((await log.topics([topic])).length === 0) return
  for (const { partition } of await log.offsets(topic))
    for await (const record of readPartition(log, topic, partition)) if (record.value?.includes(text)) yield record
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null')
  } catch {
    return null
  }
}
