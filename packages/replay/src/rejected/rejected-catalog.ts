import { type Rejected, validateRejected } from '@dateline/contracts'
import { type EventLog, headerText, type LogRecord } from '@dateline/ports'
import { notesTopic, type RejectedNote, readNote } from './rejected-note.ts'

/** `open`: nobody did anything about it. `retried`: its items went to the publisher. `resting`: retried too often, each time in vain. */
export type RejectedState = 'open' | 'resting' | 'retried' | 'dropped'

/** A rejected message, or an item of one, and what was done about it. */
export interface RejectedEntry {
  /** `rej_…`: the position in a form that travels well. */
  readonly id: string
  /** Of the message, with `#i` where one item of several was rejected. */
  readonly position: string
  readonly feed: string
  /** Of the last try. */
  readonly reason: string
  readonly step: string
  readonly detail: string
  readonly writer: 'normalizer' | 'publisher'
  readonly receivedAt: string
  readonly rejectedAt: string
  readonly contentType?: string
  readonly bytes: number
  readonly state: RejectedState
  readonly tries: number
  /** The newest last. */
  readonly notes: readonly RejectedNote[]
  /** Where it lies in `wire.rejected`. */
  readonly place: { readonly partition: number; readonly offset: number }
}

interface Known {
  readonly meta: Rejected
  readonly place: RejectedEntry['place']
  readonly rejectedAt: string
  readonly bytes: number
  readonly notes: RejectedNote[]
  /** Rejects of retries, by the publisher, by attempt. */
  readonly again: Map<string, { readonly reason: string; readonly detail: string }>
}

/** What `wire.rejected` holds, and what is noted of it. */
export interface RejectedCatalog {
  /** Reads what came since the last look, and forgets what the log does not keep any more. */
  refresh(): Promise<void>
  /** In order of arrival. */
  entries(): readonly RejectedEntry[]
  get(position: string): RejectedEntry | null
}

export const rejectedTopic = 'wire.rejected'
const mostNotes = 20
const orphansForMs = 3_600_000
const longestDetail = 500
const prefix = 'rej_'
/** Of the receipt that a sender got; as long as `prefix`, and the same text behind it. */
const receiptPrefix = 'rcp_'

const rejectedId = (position: string): string => prefix + Buffer.from(position).toString('base64url')

/** The position that an id, a receipt or a position means. */
export const positionOfId = (id: string): string =>
  id.startsWith(prefix) || id.startsWith(receiptPrefix)
    ? Buffer.from(id.slice(prefix.length), 'base64url').toString('utf8')
    : id

export function createRejectedCatalog(log: EventLog, { mostTries }: { readonly mostTries: number }): RejectedCatalog {
  const known = new Map<string, Known>()
  const next = new Map<string, number>()
  const orphans = new Map<string, RejectedNote[]>()
  let last: Promise<void> = Promise.resolve()
  return {
    refresh() {
      const done = last.then(refresh)
      last = done.catch(() => {})
      return done
    },
    entries: () => [...known.values()].map(derive).sort(byArrival),
    get(position) {
      const found = known.get(position)
      return found === undefined ? null : derive(found)
    },
  }

  async function refresh(): Promise<void> {
    const low = await follow(rejectedTopic, takeRejected)
    await follow(notesTopic, takeNote)
    for (const [position, { place }] of known)
      if (place.offset < (low.get(place.partition) ?? 0)) known.delete(position)
    // Notes outlive what they are about; one whose reject is only a moment away is still young.
    const youngMs = Date.now() - orphansForMs
    for (const [position, notes] of orphans)
      if (!notes.some(({ at }) => Date.parse(at) > youngMs)) orphans.delete(position)
  }

  async function follow(topic: string, take: (record: LogRecord) => void): Promise<ReadonlyMap<number, number>> {
    const lows = new Map<number, number>()
    for (const { partition, low, high } of await log.offsets(topic)) {
      lows.set(partition, low)
      let at = Math.max(low, next.get(`${topic}/${partition}`) ?? low)
      while (at < high) {
        const records = await log.read(topic, partition, at, { maxRecords: 500, maxBytes: 8_388_608 })
        for (const record of records) take(record)
        at = (records.at(-1)?.offset ?? high - 1) + 1
      }
      next.set(`${topic}/${partition}`, Math.max(at, high))
    }
    return lows
  }

  function takeRejected(record: LogRecord): void {
    const meta = metaOf(record)
    if (meta === null) return
    const own = known.get(meta.position)
    const parent = own ?? (meta.writer === 'publisher' ? known.get(messageOf(meta.position)) : undefined)
    if (meta.attempt !== '0' && parent !== undefined) {
      parent.again.set(meta.attempt, { reason: meta.reason, detail: meta.detail })
      return
    }
    // Written again after a crash: the first one stands.
    if (own !== undefined) return
    known.set(meta.position, {
      meta,
      place: { partition: record.partition, offset: record.offset },
      rejectedAt: new Date(record.timeMs).toISOString(),
      bytes: record.value?.byteLength ?? 0,
      notes: orphans.get(meta.position) ?? [],
      again: new Map(),
    })
    orphans.delete(meta.position)
  }

  function takeNote(record: LogRecord): void {
    const note = readNote(record.value)
    if (note === null) return
    const notes = known.get(note.position)?.notes ?? orphans.get(note.position) ?? []
    if (!known.has(note.position)) orphans.set(note.position, notes)
    notes.push(note)
    if (notes.length > mostNotes) notes.shift()
  }

  function derive({ meta, place, rejectedAt, bytes, notes, again }: Known): RejectedEntry {
    const newest = notes.at(-1)
    const tries = Math.max(0, ...notes.map((note) => note.tries))
    const failure = newest?.action === 'failed' ? newest : again.get(newest?.attempt ?? '')
    return {
      id: rejectedId(meta.position),
      position: meta.position,
      feed: meta.feed,
      reason: failure?.reason ?? meta.reason,
      step: meta.step,
      detail: (failure?.detail ?? meta.detail).slice(0, longestDetail),
      writer: meta.writer,
      receivedAt: meta.receivedAt,
      rejectedAt,
      ...(meta.contentType === undefined ? {} : { contentType: meta.contentType }),
      bytes,
      state: stateOf(newest, failure !== undefined, tries),
      tries,
      notes,
      place,
    }
  }

  function stateOf(newest: RejectedNote | undefined, isFailed: boolean, tries: number): RejectedState {
    if (newest === undefined) return 'open'
    if (newest.action === 'dropped') return 'dropped'
    if (!isFailed) return 'retried'
    return tries >= mostTries ? 'resting' : 'open'
  }
}

/** What stands beside the bytes; null for a record that is none of ours. */
export function metaOf(record: LogRecord): Rejected | null {
  try {
    const meta: unknown = JSON.parse(headerText(record, 'dateline-rejected') ?? 'null')
    return validateRejected(meta) ? meta : null
  } catch {
    return null
  }
}

export function messageOf(position: string): string {
  const at = position.lastIndexOf('#')
  return at < 0 ? position : position.slice(0, at)
}

const byArrival = (a: RejectedEntry, b: RejectedEntry): number =>
  a.receivedAt === b.receivedAt
    ? a.place.partition - b.place.partition || a.place.offset - b.place.offset
    : a.receivedAt < b.receivedAt
      ? -1
      : 1
