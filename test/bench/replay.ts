import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@dateline/ports'
import { createReplayDesk, type Replay, type ReplayDesk } from '@dateline/replay'
import { openFeeds } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { type Family, inEnglish, install } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

export interface ReplayReport {
  readonly family: string
  readonly rate: number
  /** Milliseconds from a live message sent to its story received: of all windows in which the replay was paused, and of all in which it ran. */
  readonly alone: Percentiles
  readonly beside: Percentiles
  /** p95 beside a replay, in terms of that alone. */
  readonly ratio: number
  /** p95 of each window, in turn: how much they differ by themselves. */
  readonly aloneByWindow: readonly number[]
  readonly besideByWindow: readonly number[]
  /** Items that the replay sent a second in the windows in which it ran. */
  readonly besidePerSecond: number
  /** How many a second once live had ended. */
  readonly afterwardsPerSecond: number
  readonly replayed: number
}

const live = ['normalizer', 'publisher', 'archiver', 'dispatcher']

const rounds = 4
/** Between two windows: until the replay has heard of it, and what it has sent is worked off. */
const settleMs = 3_000

/**
 * Every story changes; the replay has no pace but the brake, and a process of its own. Live flows all the time, and the replay is resumed and
 * paused beside it, window by window: what the machine does by itself comes out alike in both.
 */
export async function replayBesideLive(
  family: Family,
  options: { readonly rate: number; readonly seconds: number; readonly messages: number },
): Promise<ReplayReport> {
  const installation = await install(
    family,
    'suppliers: { bench: { language: nl } }\nfeeds: { bench: { supplier: bench } }\nreplay: { readPerSecond: 100000, bytesPerSecond: 1000000000 }\n',
  )
  const changed = await inEnglish(installation)
  const engines = await installation.open()
  const workers: Worker[] = []
  try {
    const start = async (config: string, services: readonly string[]): Promise<void> => {
      const worker = startWorker({ config, dataDir: installation.dataDir, services })
      workers.push(worker)
      await worker.started
    }
    await Promise.all(
      family.name === 'embedded'
        ? [start(installation.config, live)]
        : live.map((service) => start(installation.config, [service])),
    )
    for (let from = 0; from < options.messages; from += 200)
      await engines.log.append(
        Array.from({ length: Math.min(200, options.messages - from) }, (_unused, index) => record('old', from + index)),
      )
    while ((await count(engines.log)) < options.messages) await sleep(200)
    const until = new Date().toISOString()
    const feeds = await openFeeds(installation.settings, engines.log)
    const desk = createReplayDesk({ engines, feeds, settings: installation.settings })
    await start(changed, ['replayer'])

    const flow = await startFlow(engines.log, options.rate)
    // Engines and workers that have just started are slower than they will be.
    await sleep(options.seconds * 1_000)
    const alone: (readonly number[])[] = []
    const beside: (readonly number[])[] = []
    let sentBeside = 0
    let id = ''
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await flow.during(options.seconds))
      if (round === 0) id = await asked(desk, { feeds: ['bench'], until, preview: false, perSecond: 10_000 })
      else await told(desk, id, 'resume')
      await sleep(settleMs)
      const before = await sentOf(desk, id)
      beside.push(await flow.during(options.seconds))
      sentBeside += (await sentOf(desk, id)) - before
      await told(desk, id, 'pause')
      await sleep(settleMs)
    }
    await flow.stop()
    const left = await sentOf(desk, id)
    await told(desk, id, 'resume')
    const sinceMs = performance.now()
    const replayed = await finished(desk, id)
    const all = { alone: percentiles(alone.flat()), beside: percentiles(beside.flat()) }
    return {
      family: family.name,
      rate: options.rate,
      ...all,
      ratio: Number((all.beside.p95 / all.alone.p95).toFixed(2)),
      aloneByWindow: alone.map((taken) => percentiles(taken).p95),
      besideByWindow: beside.map((taken) => percentiles(taken).p95),
      besidePerSecond: Math.round(sentBeside / (rounds * options.seconds)),
      afterwardsPerSecond: Math.round((replayed - left) / ((performance.now() - sinceMs) / 1_000)),
      replayed,
    }
  } finally {
    await stopWorkers(workers)
    await engines.close()
    await installation.remove()
  }
}

async function asked(desk: ReplayDesk, spec: object): Promise<string> {
  const answer = await desk.start(spec, 'bench')
  if (answer.kind !== 'replay') throw new Error(answer.fault)
  return answer.replay.id
}

/** One that is through already is neither paused nor resumed. */
async function told(desk: ReplayDesk, id: string, action: 'pause' | 'resume'): Promise<void> {
  await desk.act(id, action, 'bench')
}

async function replayOf(desk: ReplayDesk, id: string): Promise<Replay> {
  const answer = await desk.get(id)
  if (answer.kind !== 'replay') throw new Error(answer.fault)
  return answer.replay
}

async function sentOf(desk: ReplayDesk, id: string): Promise<number> {
  return (await replayOf(desk, id)).progress.publish?.feeds.bench?.sent ?? 0
}

async function finished(desk: ReplayDesk, id: string): Promise<number> {
  for (;;) {
    const { state, progress } = await replayOf(desk, id)
    if (state === 'done') return sentOf(desk, id)
    if (state === 'failed') throw new Error(progress.fault)
    await sleep(200)
  }
}

async function count(log: EventLog): Promise<number> {
  return (await log.offsets('stories')).reduce((sum, { low, high }) => sum + high - low, 0)
}

const uriOf = (set: string, index: number): string => `https://bench.example/${set}/${index}`

/** Too short to tell its language by: it has the one that the settings say. */
function record(set: string, index: number) {
  const uri = uriOf(set, index)
  const value = ninjsMessage({ uri, body: '<p>De brug is weer open.</p>', extra: { language: undefined } })
  return { topic: 'wire.bench', key: uri, value }
}

/** Live messages at a steady rate, and a consumer that follows `stories` as a subscriber would, until it is stopped. */
async function startFlow(log: EventLog, rate: number) {
  const sent = new Map<string, number>()
  const taken: { readonly sentMs: number; readonly tookMs: number }[] = []
  const consumption = await log.consume({
    group: null,
    topics: ['stories'],
    startAt: async ({ high }) => high,
    concurrency: 12,
    handle: async ({ records }) => {
      const nowMs = performance.now()
      for (const { key } of records) {
        const sentMs = sent.get(key?.toString('utf8') ?? '')
        if (sentMs !== undefined) taken.push({ sentMs, tookMs: nowMs - sentMs })
      }
    },
  })
  while (!consumption.isReady()) await sleep(50)
  let isOver = false
  const sending = send()
  return {
    /** What the messages sent in the next so many seconds took. */
    async during(seconds: number): Promise<readonly number[]> {
      const sinceMs = performance.now()
      await sleep(seconds * 1_000)
      const untilMs = performance.now()
      await sleep(2_000)
      return taken.filter(({ sentMs }) => sentMs >= sinceMs && sentMs < untilMs).map(({ tookMs }) => tookMs)
    },
    async stop(): Promise<void> {
      isOver = true
      await sending
      await consumption.stop(2_000)
    },
  }

  async function send(): Promise<void> {
    const begun = performance.now()
    const appends: Promise<unknown>[] = []
    for (let index = 0; !isOver; index += 1) {
      const ahead = begun + (index * 1_000) / rate - performance.now()
      if (ahead > 1) await sleep(ahead)
      sent.set(`bench:${uriOf('live', index)}`, performance.now())
      appends.push(log.append([record('live', index)]))
    }
    await Promise.all(appends)
  }
}
