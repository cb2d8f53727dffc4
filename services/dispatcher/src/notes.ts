import type { EventLog } from '@dateline/ports'

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

/** What became of deliveries, in the log. A note of a story sequence speaks for all lower ones of that story and subscription. */
export interface DeliveryNotes {
  /** Reads what was noted since the last time, by whichever process. */
  catchUp(): Promise<void>
  isOver(subscription: string, storyKey: string, storySeq: number): boolean
  note(note: DeliveryNote): Promise<void>
  /** Where the partition was begun; noted as `high` when it never was. */
  beginOf(partition: number, high: number): Promise<number>
}

export function openDeliveryNotes(log: EventLog): DeliveryNotes {
  const over = new Map<string, number>()
  const begun = new Map<number, number>()
  const next = new Map<number, number>()
  return {
    async catchUp() {
      for (const { partition, low, high } of await log.offsets(topic)) {
        let from = Math.max(next.get(partition) ?? low, low)
        while (from < high) {
          const records = await log.read(topic, partition, from, { maxRecords: 1_000, maxBytes: 4_194_304 })
          const last = records.at(-1)
          if (last === undefined) break
          for (const record of records) take(record.value)
          from = last.offset + 1
        }
        next.set(partition, from)
      }
    },
    isOver: (subscription, storyKey, storySeq) => (over.get(lane(subscription, storyKey)) ?? 0) >= storySeq,
    async note(note) {
      await log.append([{ topic, key: lane(note.subscription, note.storyKey), value: JSON.stringify(note) }])
      take(Buffer.from(JSON.stringify(note)))
    },
    async beginOf(partition, high) {
      const known = begun.get(partition)
      if (known !== undefined) return known
      const note: StartNote = { begin: high, partition }
      await log.append([{ topic, key: `begin ${partition}`, value: JSON.stringify(note) }])
      begun.set(partition, high)
      return high
    },
  }

  function take(value: Buffer | null): void {
    const note = parse(value)
    if (note === null) return
    if ('begin' in note) begun.set(note.partition, note.begin)
    else {
      const key = lane(note.subscription, note.storyKey)
      over.set(key, Math.max(over.get(key) ?? 0, note.storySeq))
    }
  }
}

const lane = (subscription: string, storyKey: string): string => `${subscription} ${storyKey}`

function parse(value: Buffer | null): DeliveryNote | StartNote | null {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null') as DeliveryNote | StartNote | null
  } catch {
    return null
  }
}
