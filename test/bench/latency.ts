import { setTimeout as sleep } from 'node:timers/promises'
import { type Family, install } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { type BenchFormat, benchMessage } from './messages.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

/** Milliseconds from a message sent to its story received by a consumer. */
export interface LatencyReport extends Percentiles {
  readonly family: string
  readonly format: BenchFormat
  readonly rate: number
}

/** Messages are appended to the wire at a steady rate, as an agency would; a consumer follows `stories` as a subscriber would. */
export async function latency(
  family: Family,
  format: BenchFormat,
  options: { readonly rate: number; readonly seconds: number },
): Promise<LatencyReport> {
  const installation = await install(
    family,
    'suppliers: { bench: {} }\nfeeds: { bench: { supplier: bench, partitions: 4 } }\n',
  )
  const workers: Worker[] = []
  // Embedded: sender and consumer live in the process of the services, which are then run by this one.
  const engines = await installation.open()
  try {
    const stop = family.name === 'embedded' ? await runHere(installation, engines) : null
    if (stop === null)
      for (const service of ['normalizer', 'publisher', 'archiver', 'dispatcher'])
        workers.push(startWorker({ config: installation.config, dataDir: installation.dataDir, services: [service] }))
    await Promise.all(workers.map((worker) => worker.started))
    const sent = new Map<string, number>()
    const took: number[] = []
    const consumption = await engines.log.consume({
      group: null,
      topics: ['stories'],
      startAt: async ({ high }) => high,
      concurrency: 12,
      handle: async (batch) => {
        const now = performance.now()
        for (const record of batch.records) {
          const at = sent.get(record.key?.toString('utf8') ?? '')
          if (at !== undefined) took.push(now - at)
        }
      },
    })
    while (!consumption.isReady()) await sleep(50)
    const warm = Math.min(options.rate * 3, 1_000)
    await send(0, warm)
    await sleep(1_000)
    took.length = 0
    sent.clear()
    const count = options.rate * options.seconds
    await send(warm, count)
    for (let waited = 0; took.length < count && waited < 100; waited += 1) await sleep(100)
    await consumption.stop(2_000)
    await stop?.()
    return { family: family.name, format, rate: options.rate, ...percentiles(took) }

    async function send(from: number, howMany: number): Promise<void> {
      const begun = performance.now()
      const waiting: Promise<unknown>[] = []
      for (let index = 0; index < howMany; index += 1) {
        const due = begun + (index * 1_000) / options.rate
        const ahead = due - performance.now()
        if (ahead > 1) await sleep(ahead)
        const { id, bytes } = benchMessage(format, from + index)
        sent.set(`bench:${id}`, performance.now())
        waiting.push(engines.log.append([{ topic: 'wire.bench', key: id, value: bytes }]))
      }
      await Promise.all(waiting)
    }
  } finally {
    await stopWorkers(workers)
    await engines.close()
    await installation.remove()
  }
}

async function runHere(
  installation: Awaited<ReturnType<typeof install>>,
  engines: Awaited<ReturnType<typeof installation.open>>,
): Promise<() => Promise<void>> {
  const { createServices } = await import('@dateline/cli')
  const { createAlarms, createMetrics, createRejectWatch, openFeeds, runServices, silentLogger } = await import(
    '@dateline/runtime'
  )
  const metrics = createMetrics()
  const alarms = createAlarms(silentLogger, metrics)
  const context = {
    settings: installation.settings,
    engines,
    feeds: await openFeeds(installation.settings, engines.log),
    log: silentLogger,
    metrics,
    alarms,
    rejects: createRejectWatch(alarms, () => 1),
  }
  const stop = new AbortController()
  const started = Promise.withResolvers<void>()
  const services = createServices(['normalizer', 'publisher', 'archiver', 'dispatcher'], context, {
    host: '127.0.0.1',
    port: 0,
    dataDir: installation.dataDir,
  })
  const running = runServices(services, {
    signal: stop.signal,
    stopWithinMs: 5_000,
    log: silentLogger,
    onStarted: started.resolve,
  })
  await Promise.race([started.promise, running])
  return async () => {
    stop.abort()
    await running
  }
}
