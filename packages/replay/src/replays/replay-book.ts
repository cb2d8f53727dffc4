import type { EventLog } from '@dateline/ports'
import {
  type Replay,
  type ReplayAction,
  type ReplayProgress,
  type ReplayRequest,
  type ReplayWish,
  stateOf,
  totalOf,
} from './replay-job.ts'

const topic = 'replays'
const mostHistory = 100
/** Of notes from a version that knew no tenures. */
const beforeTenures = -1

/**
 * All replays, as the topic `replays` tells of them: what was asked for, what operators wanted since, who works on it, how far it is. Each is
 * a record of its own, so that an operator and a worker never write over each other.
 *
 * A worker begins a tenure, numbered by the offset of the note that says so. What a worker notes whose tenure is over counts only where
 * nothing else is known: one that stood still and was taken for dead does not set back what its successor has done.
 */
export interface ReplayBook {
  /** Reads what came since the last look. */
  refresh(): Promise<void>
  /** The newest first. */
  all(): readonly Replay[]
  /** By id, else the newest of that name. */
  get(idOrName: string): Replay | null
  request(request: ReplayRequest): Promise<void>
  /** Notes what an operator wants. Asking for what is so already is noted too. */
  act(replay: Replay, action: ReplayAction, who: { readonly by: string; readonly at: string }): Promise<void>
  /** Begins a tenure. What was noted before it is known after a refresh; what others note later does not count. */
  begin(id: string): Promise<void>
  /** Whether the tenure that this book began is still the last one, as far as was read. */
  isHeld(id: string): boolean
  /** Of the tenure that this book began; nothing is noted once that is over. */
  progress(id: string, progress: ReplayProgress): Promise<void>
}

interface Note {
  readonly request?: ReplayRequest
  readonly wish?: ReplayWish
  readonly progress?: ReplayProgress
  /** A number beside what is noted in that tenure; by itself it is the note that begins one, and says when. */
  readonly tenure?: number | { readonly at: string }
}

interface Known {
  request?: ReplayRequest
  wish?: ReplayWish
  progress?: ReplayProgress
  /** Of the last one that was begun. */
  tenure?: number
}

const started: ReplayWish = { want: 'run', isConfirmed: false, history: [] }

export function createReplayBook(log: EventLog): ReplayBook {
  const known = new Map<string, Known>()
  const begun = new Map<string, number>()
  const isHeld = (id: string): boolean => begun.has(id) && begun.get(id) === known.get(id)?.tenure
  let next = 0
  let last: Promise<void> = Promise.resolve()
  return {
    refresh,
    all: () =>
      [...known.values()]
        .flatMap((one) => replayOf(one) ?? [])
        .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1)),
    get(idOrName) {
      const found = replayOf(known.get(idOrName))
      return found ?? this.all().find(({ name }) => name === idOrName) ?? null
    },
    async request(request) {
      const history = [{ at: request.at, by: request.by, action: 'start' }] as const
      const { preview } = request.spec
      await write(request.id, { wish: { ...started, isConfirmed: !preview, history } })
      await write(request.id, { request })
    },
    async act(replay, action, { by, at }) {
      const { wish } = replay
      const want = action === 'pause' ? 'pause' : action === 'cancel' ? 'cancel' : 'run'
      const isConfirmed = wish.isConfirmed || action === 'confirm'
      await write(replay.id, {
        wish: { want, isConfirmed, history: [...wish.history, { at, by, action }].slice(-mostHistory) },
      })
    },
    async begin(id) {
      begun.set(id, await write(id, { tenure: { at: new Date().toISOString() } }))
    },
    isHeld,
    async progress(id, progress) {
      const tenure = begun.get(id)
      if (tenure !== undefined && isHeld(id)) await write(id, { progress, tenure })
    },
  }

  /** Answers with the offset. */
  async function write(id: string, note: Note): Promise<number> {
    const [kind = ''] = Object.keys(note)
    const [outcome] = await log.append([{ topic, partition: 0, key: `${id} ${kind}`, value: JSON.stringify(note) }])
    if (outcome?.kind === 'too-large')
      throw new Error(`The ${kind} of ${id} is larger than the topic ${topic} takes: ${outcome.bytes} bytes`)
    if (outcome === undefined) throw new Error(`The log gave no place for the ${kind} of ${id}`)
    take(id, note, outcome.offset)
    return outcome.offset
  }

  function refresh(): Promise<void> {
    const done = last.then(readOn)
    last = done.catch(() => {})
    return done
  }

  async function readOn(): Promise<void> {
    const [bounds] = await log.offsets(topic)
    if (bounds === undefined) return
    next = Math.max(next, bounds.low)
    while (next < bounds.high) {
      const records = await log.read(topic, 0, next, { maxRecords: 500, maxBytes: 8_388_608 })
      for (const { key, value, offset } of records) {
        const [id] = key?.toString('utf8').split(' ') ?? []
        const note = parse(value)
        if (id !== undefined && note !== null) take(id, note, offset)
      }
      next = (records.at(-1)?.offset ?? bounds.high - 1) + 1
    }
  }

  function take(id: string, { tenure, ...note }: Note, offset: number): void {
    const before = known.get(id) ?? {}
    if (note.progress !== undefined && before.progress !== undefined) {
      const of = typeof tenure === 'number' ? tenure : beforeTenures
      if (of < (before.tenure ?? beforeTenures)) return
    }
    const begins = typeof tenure === 'object' ? { tenure: Math.max(offset, before.tenure ?? beforeTenures) } : {}
    known.set(id, { ...before, ...note, ...begins })
  }
}

function replayOf(known: Known | undefined): Replay | null {
  if (known?.request === undefined) return null
  const { request, wish = started, progress = {} } = known
  return { ...request, wish, progress, state: stateOf(wish, progress, request.spec), total: totalOf(request.plan) }
}

function parse(value: Buffer | null): Note | null {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null') as Note | null
  } catch {
    return null
  }
}
