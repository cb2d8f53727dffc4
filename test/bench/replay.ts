import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@dateline/ports'
import { createReplayDesk, type Replay } from '@dateline/replay'
import { openFeeds } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { type Family, install } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'

interface Percentiles {
  readonly received: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface ReplayReport {
  readonly family: string
  readonly rate: number
  /** Milliseconds from a live message sent to its story received: without a replay, beside one at full speed, and without again. */
  readonly alone: Percentiles
  readonly beside: Percentiles
  readonly aloneAgain: Percentiles
  /** p95 beside a replay, in terms of the worse of the two without. */
  readonly ratio: number
  readonly replayed: number
  readonly replayedPerSecond: number
}

const live = ['normalizer', 'publisher', 'archiver', 'dispatcher']

/** Every story changes; the replay has no pace but the brake, and a process of its own. */
export async function replayBesideLive(
  family: Family,
  options: { readonly rate: number; readonly seconds: number; readonly messages: number },
): Promise<ReplayReport> {
  const installation = await install(
    family,
    'suppliers: { bench: { language: nl } }\nfeeds: { bench: { supplier: bench } }\nreplay: { readPerSecond: 100000, bytesPerSecond: 1000000000 }\n',
  )
  const changed = join(installation.dataDir, 'changed.yaml')
  await writeFile(changed, (await readFile(installation.config, 'utf8')).replace('language: nl', 'language: en'))
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
    const alone = await measure(engines.log, 'first', options)
    const feeds = await openFeeds(installation.settings, engines.log)
    const desk = createReplayDesk({ engines, feeds, settings: installation.settings })
    await start(changed, ['replayer'])
    const until = new Date(Date.now() - 1_000 * (options.seconds + 4)).toISOString()
    const asked = await desk.start({ feeds: ['bench'], until, preview: false, perSecond: 10_000 }, 'bench')
    if (asked.kind !== 'replay') throw new Error(asked.fault)
    const beside = await measure(engines.log, 'second', options)
    const replay = await finished(desk, asked.replay.id)
    const aloneAgain = await measure(engines.log, 'third', options)
    const phase = replay.progress.publish
    const spentMs = phase === undefined ? 0 : Date.parse(phase.updatedAt) - Date.parse(phase.startedAt)
    const replayed = phase?.feeds.bench?.sent ?? 0
    return {
      family: family.name,
      rate: options.rate,
      alone,
      beside,
      aloneAgain,
      ratio: Number((beside.p95 / Math.max(alone.p95, aloneAgain.p95)).toFixed(2)),
      replayed,
      replayedPerSecond: Math.round(replayed / (spentMs / 1_000)),
    }
  } finally {
    await stopWorkers(workers)
    await engines.close()
    await installation.remove()
  }
}

async function finished(desk: ReturnType<typeof createReplayDesk>, id: string): Promise<Replay> {
  for (;;) {
    const asked = await desk.get(id)
    if (asked.kind !== 'replay') throw new Error(asked.fault)
    if (asked.replay.state === 'done') return asked.replay
    if (asked.replay.state === 'failed') throw new Error(asked.replay.progress.fault)
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

async function measure(
  log: EventLog,
  set: string,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<Percentiles> {
  const sent = new Map<string, number>()
  const took: number[] = []
  const consumption = await log.consume({
    group: null,
    topics: ['stories'],
    startAt: async ({ high }) => high,
    concurrency: 12,
    handle: async (batch) => {
      const nowMs = performance.now()
      for (const { key } of batch.records) {
        const at = sent.get(key?.toString('utf8') ?? '')
        if (at !== undefined) took.push(nowMs - at)
      }
    },
  })
  while (!consumption.isReady()) await sleep(50)
  const begun = performance.now()
  const waiting: Promise<unknown>[] = []
  for (let index = 0; index < rate * seconds; index += 1) {
    const ahead = begun + (index * 1_000) / rate - performance.now()
    if (ahead > 1) await sleep(ahead)
    sent.set(`bench:${uriOf(set, index)}`, performance.now())
    waiting.push(log.append([record(set, index)]))
  }
  await Promise.all(waiting)
  for (let waited = 0; took.length < rate * seconds && waited < 100; waited += 1) await sleep(100)
  await consumption.stop(2_000)
  const sorted = took.sort((a, b) => a - b)
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
  return { received: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
