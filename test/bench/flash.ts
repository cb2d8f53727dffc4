import { setTimeout as sleep } from 'node:timers/promises'
import { type Family, install } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { preload } from './drain.ts'
import { type BenchFormat, benchMessage } from './messages.ts'

export interface FlashReport {
  readonly family: string
  readonly format: BenchFormat
  readonly backlog: number
  /** Milliseconds from a flash appended to its lane to its story received, while the backlog drained. */
  readonly flashMs: readonly number[]
  /** Stories of the backlog that were out when the last flash had arrived. */
  readonly drained: number
}

/** A backlog drains; flashes come in on their own lane and must not wait for it. */
export async function flash(family: Family, format: BenchFormat, backlog: number): Promise<FlashReport> {
  const installation = await install(
    family,
    'suppliers: { bench: {} }\nfeeds: { bench: { supplier: bench, partitions: 4 } }\n',
  )
  const workers: Worker[] = []
  try {
    const engines = await installation.open()
    await preload(engines.log, format, backlog)
    await engines.close()
    const sets =
      family.engines === null
        ? [['normalizer', 'publisher', 'archiver', 'dispatcher']]
        : [['normalizer'], ['publisher'], ['archiver'], ['dispatcher']]
    for (const services of sets)
      workers.push(startWorker({ config: installation.config, dataDir: installation.dataDir, services }))
    const { log, close } = await installation.open()
    const arrived = new Map<string, number>()
    let drained = 0
    const consumption = await log.consume({
      group: null,
      topics: ['stories'],
      startAt: async ({ low }) => low,
      concurrency: 12,
      maxRecords: 1_000,
      handle: async (batch) => {
        drained += batch.records.length
        for (const record of batch.records)
          if (record.key?.includes('/flash/') === true) arrived.set(record.key.toString('utf8'), performance.now())
      },
    })
    await Promise.all(workers.map((worker) => worker.started))
    while (drained < backlog / 10) await sleep(20)
    const flashMs: number[] = []
    for (let index = 0; index < 10 && drained < backlog * 0.9; index += 1) {
      const { id, bytes } = benchMessage(format, index, 'flash')
      const sentMs = performance.now()
      await log.append([{ topic: 'wire.bench.flash', key: id, value: bytes }])
      while (!arrived.has(`bench:${id}`)) await sleep(2)
      flashMs.push(Math.round((arrived.get(`bench:${id}`) ?? 0) - sentMs))
      await sleep(200)
    }
    const report = { family: family.name, format, backlog, flashMs, drained }
    await consumption.stop(2_000)
    await close()
    return report
  } finally {
    await stopWorkers(workers)
    await installation.remove()
  }
}
