import type { EventLog, LogRecord } from '@dateline/ports'
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

/** All replays, as the topic `replays` tells of them: what was asked for, what operators wanted since, how far it is. Each is a record of its own, so that an operator and a worker never write over each other. */
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
  progress(id: string, progress: ReplayProgress): Promise<void>
}

interface Known {
  request?: ReplayRequest
  wish?: ReplayWish
  progress?: ReplayProgress
}

const started: ReplayWish = { want: 'run', isConfirmed: false, history: [] }

export function createReplayBook(log: EventLog): ReplayBook {
  const known = new Map<string, Known>()
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
    progress: (id, progress) => write(id, { progress }),
  }

  async function write(id: string, part: Known): Promise<void> {
    const [kind = ''] = Object.keys(part)
    const [outcome] = await log.append([{ topic, partition: 0, key: `${id} ${kind}`, value: JSON.stringify(part) }])
    if (outcome?.kind === 'too-large')
      throw new Error(`The ${kind} of ${id} is larger than the topic ${topic} takes: ${outcome.bytes} bytes`)
    known.set(id, { ...known.get(id), ...part })
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
      for (const record of records) take(record)
      next = (records.at(-1)?.offset ?? bounds.high - 1) + 1
    }
  }

  function take({ key, value }: LogRecord): void {
    const [id] = key?.toString('utf8').split(' ') ?? []
    const part = parse(value)
    if (id === undefined || part === null) return
    known.set(id, { ...known.get(id), ...part })
  }
}

function replayOf(known: Known | undefined): Replay | null {
  if (known?.request === undefined) return null
  const { request, wish = started, progress = {} } = known
  return { ...request, wish, progress, state: stateOf(wish, progress, request.spec), total: totalOf(request.plan) }
}

function parse(value: Buffer | null): Known | null {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null') as Known | null
  } catch {
    return null
  }
}
