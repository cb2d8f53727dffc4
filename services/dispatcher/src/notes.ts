import type { EventLog, LogRecord } from '@dateline/ports'
import { logIdOf, offsetAt } from '@dateline/runtime'

const topic = 'stories.deliveries'

export interface DeliveryNote {
  readonly subscription: string
  readonly eventId: string
  readonly storyKey: string
  readonly storySeq: number
  readonly result: 'delivered' | 'given-up' | 'superseded' | 'disabled'
  /** RFC 3339. */
  readonly at: string
}

/** A time with a partition. Later ones have higher numbers within one log, whatever the clocks say. */
export interface Tenure {
  readonly logId: string
  readonly number: number
}

/** Where webhooks began with a partition, so that a crash before the first commit leaves nothing out. */
interface StartNote {
  readonly begin: number
  readonly partition: number
}

/** A member begins a time with a partition; the note's own offset numbers it. */
interface TenureNote {
  readonly tenure: number
  readonly at: string
}

/**
 * What became of deliveries, in the log. A note of a story sequence speaks for all lower ones of that story and subscription. Only notes
 * since the oldest event under way are kept in memory: a note is always younger than its event.
 */
export interface DeliveryNotes {
  /** From now on knows what was noted since that time (milliseconds since 1970), by whichever process. */
  cover(sinceMs: number): Promise<void>
  /** Reads what was noted since the last look. */
  catchUp(): Promise<void>
  isOver(subscription: string, storyKey: string, storySeq: number): boolean
  note(note: DeliveryNote): Promise<void>
  /** Nothing older is going to be asked for. */
  forgetBefore(timeMs: number): void
  /** Where the partition was begun; noted as `high` when it never was. */
  beginOf(partition: number, high: number): Promise<number>
  /** A new tenure of the partition, with a higher number than all before it. */
  beginTenure(partition: number): Promise<Tenure>
  readonly size: number
}

/** The clocks of brokers differ a little. */
const slackMs = 600_000

export function openDeliveryNotes(log: EventLog): DeliveryNotes {
  const over = new Map<string, { seq: number; atMs: number }>()
  const next = new Map<number, number>()
  let coveredFromMs = Number.POSITIVE_INFINITY
  const begins = new Map<number, number>()
  const beginsNext = new Map<number, number>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    cover: (sinceMs) => inTurn(() => cover(sinceMs - slackMs)),
    catchUp: () => inTurn(() => cover(coveredFromMs)),
    isOver: (subscription, storyKey, storySeq) => (over.get(laneOf(subscription, storyKey))?.seq ?? 0) >= storySeq,
    async note(note) {
      await log.append([{ topic, key: laneOf(note.subscription, note.storyKey), value: JSON.stringify(note) }])
      take(note, Date.parse(note.at))
    },
    forgetBefore(timeMs) {
      const limitMs = timeMs - slackMs
      for (const [lane, { atMs }] of over) if (atMs < limitMs) over.delete(lane)
      coveredFromMs = Math.max(coveredFromMs, limitMs)
    },
    beginOf: (partition, high) =>
      inTurn(async () => {
        // Read anew each time: another member may have begun it since. Of two that begin at once the first in the log counts.
        await readBegins()
        if (!begins.has(partition)) {
          const note: StartNote = { begin: high, partition }
          await log.append([{ topic, key: `begin ${partition}`, value: JSON.stringify(note) }])
          await readBegins()
        }
        return begins.get(partition) ?? high
      }),
    async beginTenure(partition) {
      const logId = await logIdOf(log, topic)
      const note: TenureNote = { tenure: partition, at: new Date().toISOString() }
      // One key for each partition, so that all its tenures are numbered by one partition of the topic.
      const [outcome] = await log.append([{ topic, key: `tenure ${partition}`, value: JSON.stringify(note) }])
      if (outcome?.kind !== 'appended') throw new Error('The log gave no place for a tenure')
      return { logId, number: outcome.offset }
    },
    get size() {
      return over.size
    },
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  async function cover(sinceMs: number): Promise<void> {
    if (sinceMs === Number.POSITIVE_INFINITY) return
    const isCovered = sinceMs >= coveredFromMs
    for (const { partition, low, high } of await log.offsets(topic)) {
      const from = isCovered
        ? Math.max(next.get(partition) ?? low, low)
        : await offsetAt(log, { topic, partition, low, high }, sinceMs)
      await read(partition, { from, to: high }, (record) => {
        const note = parse(record.value)
        if (note !== null && 'storySeq' in note) take(note, record.timeMs)
      })
      next.set(partition, high)
    }
    coveredFromMs = Math.min(coveredFromMs, sinceMs)
  }

  async function readBegins(): Promise<void> {
    for (const { partition, low, high } of await log.offsets(topic)) {
      await read(partition, { from: Math.max(low, beginsNext.get(partition) ?? 0), to: high }, (record) => {
        const note = parse(record.value)
        if (note !== null && 'begin' in note && !begins.has(note.partition)) begins.set(note.partition, note.begin)
      })
      beginsNext.set(partition, high)
    }
  }

  async function read(
    partition: number,
    { from, to }: { readonly from: number; readonly to: number },
    take: (record: LogRecord) => void,
  ): Promise<void> {
    for (let at = from; at < to; ) {
      const records = await log.read(topic, partition, at, { maxRecords: 1_000, maxBytes: 4_194_304 })
      for (const record of records) take(record)
      at = (records.at(-1)?.offset ?? to) + 1
    }
  }

  function take(note: DeliveryNote, atMs: number): void {
    const lane = laneOf(note.subscription, note.storyKey)
    const known = over.get(lane)
    over.set(lane, { seq: Math.max(known?.seq ?? 0, note.storySeq), atMs: Math.max(known?.atMs ?? 0, atMs) })
  }
}

const laneOf = (subscription: string, storyKey: string): string => `${subscription} ${storyKey}`

function parse(value: Buffer | null): DeliveryNote | StartNote | TenureNote | null {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null') as DeliveryNote | StartNote | TenureNote | null
  } catch {
    return null
  }
}
