import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { EventLog } from '@dateline/ports'
import { applyTopics, openFeeds } from '@dateline/runtime'
import { type Family, install } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { measureProcess } from './measure-process.ts'
import { type BenchFormat, benchMessage } from './messages.ts'

export interface DrainReport {
  readonly family: string
  readonly format: BenchFormat
  readonly messages: number
  readonly bytesEach: number
  readonly messagesPerSecond: number
  /** CPU seconds per 1,000 messages and peak megabytes, by service. */
  readonly services: Readonly<Record<string, { readonly cpuPer1000: number; readonly residentMb: number }>>
  readonly cpuMicrosecondsPerMessage: number
  /** Plain kafkajs consume and produce of the same messages, in the same run; null on embedded engines. */
  readonly passThrough: { readonly messagesPerSecond: number; readonly cpuMicrosecondsPerMessage: number } | null
}

/** A backlog waits in the wire; then the services start, each a process of its own (embedded: one for all), and drain it to published stories. */
export async function drain(family: Family, format: BenchFormat, messages: number): Promise<DrainReport> {
  const installation = await install(
    family,
    'suppliers: { bench: {} }\nfeeds: { bench: { supplier: bench, partitions: 4 } }\n',
  )
  const workers = new Map<string, Worker>()
  try {
    const engines = await installation.open()
    await applyTopics(engines.log, (await openFeeds(installation.settings, engines.log)).all())
    const bytesEach = await preload(engines.log, format, messages)
    const passThrough =
      family.name === 'real' ? await measurePassThrough(engines.log, family.engines?.kafka ?? '', messages) : null
    await engines.close()
    const sets =
      family.name === 'embedded'
        ? { all: ['normalizer', 'publisher', 'archiver', 'dispatcher'] }
        : { normalizer: ['normalizer'], publisher: ['publisher'], archiver: ['archiver'], dispatcher: ['dispatcher'] }
    for (const [name, services] of Object.entries(sets))
      workers.set(name, startWorker({ config: installation.config, dataDir: installation.dataDir, services }))
    await Promise.all([...workers.values()].map((worker) => worker.started))

    const { log, close } = await installation.open()
    const startedMs = performance.now()
    const cpuAtStart = new Map([...workers].map(([name, worker]) => [name, measureProcess(worker.pid)]))
    const alreadyThere = await published(log)
    let residentMb = new Map<string, number>()
    for (let done = alreadyThere; done < messages; done = await published(log)) {
      const dead = [...workers].find(([, worker]) => !worker.isAlive())
      if (dead !== undefined) throw new Error(`The ${dead[0]} ended before all was drained:\n${dead[1].output()}`)
      residentMb = new Map(
        [...workers].map(([name, worker]) => [
          name,
          Math.max(residentMb.get(name) ?? 0, measureProcess(worker.pid).residentMb),
        ]),
      )
      await sleep(100)
    }
    const seconds = (performance.now() - startedMs) / 1_000
    const counted = messages - alreadyThere
    await sleep(2_000) // The archiver is behind by its flush: its work belongs to the same messages.
    const services: Record<string, { cpuPer1000: number; residentMb: number }> = {}
    let cpu = 0
    for (const [name, worker] of workers) {
      const used = measureProcess(worker.pid).cpuSeconds - (cpuAtStart.get(name)?.cpuSeconds ?? 0)
      cpu += used
      services[name] = { cpuPer1000: round((used / counted) * 1_000, 3), residentMb: residentMb.get(name) ?? 0 }
    }
    await stopWorkers(workers.values())
    await close()
    return {
      family: family.name,
      format,
      messages: counted,
      bytesEach,
      messagesPerSecond: Math.round(counted / seconds),
      services,
      cpuMicrosecondsPerMessage: Math.round((cpu / counted) * 1e6),
      passThrough,
    }
  } finally {
    await stopWorkers(workers.values())
    await installation.remove()
  }
}

/** Puts so many distinct messages into the wire; answers with the mean of their bytes. */
export async function preload(log: EventLog, format: BenchFormat, messages: number): Promise<number> {
  let bytes = 0
  for (let at = 0; at < messages; at += 500) {
    const records = Array.from({ length: Math.min(500, messages - at) }, (_unused, index) =>
      benchMessage(format, at + index),
    ).map(({ id, bytes: value }) => {
      bytes += value.byteLength
      return { topic: 'wire.bench', key: id, value }
    })
    await log.append(records)
  }
  return Math.round(bytes / messages)
}

async function published(log: EventLog): Promise<number> {
  return (await log.offsets('stories')).reduce((sum, entry) => sum + entry.high - entry.low, 0)
}

async function measurePassThrough(log: EventLog, broker: string, count: number): Promise<DrainReport['passThrough']> {
  await log.deleteTopic('bench.out')
  await log.createTopic({
    name: 'bench.out',
    partitions: 4,
    cleanup: 'delete',
    retentionMs: 3_600_000,
    maxMessageBytes: 16_777_216,
  })
  const script = fileURLToPath(new URL('pass-through.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    script,
    JSON.stringify({ broker, from: 'wire.bench', to: 'bench.out', count }),
  ])
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
    seconds: number
    cpuSeconds: number
    messages: number
  }
  await log.deleteTopic('bench.out')
  return {
    messagesPerSecond: Math.round(result.messages / result.seconds),
    cpuMicrosecondsPerMessage: Math.round((result.cpuSeconds / result.messages) * 1e6),
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
