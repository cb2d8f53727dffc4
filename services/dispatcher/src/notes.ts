import type { EventLog, LogRecord } from '@dateline/ports'
import { offsetAt } from './offset-at.ts'

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

/** Where webhooks began with a partition, so that a crash before the first commit leaves nothing out. */
interface StartNote {
  readonly begin: number
  readonly partition: number
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
  readonly size: number
}

/** The clocks of brokers differ a little. */
const slackMs = 600_000

export function openDeliveryNotes(log: EventLog): DeliveryNotes {
  const over = new Map<string, { seq: number; atMs: number }>()
  const next = new Map<number, number>()
  let coveredFromMs = Number.POSITIVE_INFINITY
  let begins: Map<number, number> | null = null
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
        begins ??= await readBegins()
        const known = begins.get(partition)
        if (known !== undefined) return known
        const note: StartNote = { begin: high, partition }
        await log.append([{ topic, key: `begin ${partition}`, value: JSON.stringify(note) }])
        begins.set(partition, high)
        return high
      }),
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
        if (note !== null && !('begin' in note)) take(note, record.timeMs)
      })
      next.set(partition, high)
    }
    coveredFromMs = Math.min(coveredFromMs, sinceMs)
  }

  async function readBegins(): Promise<Map<number, number>> {
    const begins = new Map<number, number>()
    for (const { partition, low, high } of await log.offsets(topic))
      await read(partition, { from: low, to: high }, (record) => {
        const note = parse(record.value)
        if (note !== null && 'begin' in note) begins.set(note.partition, note.begin)
      })
    return begins
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

function parse(value: Buffer | null): DeliveryNote | StartNote | null {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null') as DeliveryNote | StartNote | null
  } catch {
    return null
  }
}
