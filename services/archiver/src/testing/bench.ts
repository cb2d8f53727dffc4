import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyArchive } from '@dateline/archive'
import { openEmbedded } from '@dateline/embedded'
import type { Archive, Engines, EventLog } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import {
  type Alarms,
  applyTopics,
  createAlarms,
  createMetrics,
  type Feeds,
  openFeeds,
  readSettings,
  type Service,
  silentLogger,
} from '@dateline/runtime'
import { archiver } from '../archiver.ts'
import { type FaultyArchive, faultyArchive } from './faulty-archive.ts'

export interface Running {
  readonly service: Service
  readonly archive: FaultyArchive
  readonly alarms: Alarms
  /** What the service failed with; undefined while it has not. */
  failure(): unknown
  stop(): Promise<void>
}

export interface Bench {
  readonly engines: Engines
  readonly log: EventLog
  /** The archive itself, without faults. */
  readonly archive: Archive
  readonly feeds: Feeds
  /** Starts an archiver, by default on the bench's own connection to the engines. */
  start(options?: { readonly engines?: Engines; readonly before?: (archive: FaultyArchive) => void }): Promise<Running>
  /** Another connection to the same engines, as another process has. */
  another(): Promise<Engines>
  /** Appends messages to `wire.<feed>`, partition 0 unless said; answers with the values. */
  send(feed: string, count: number, options?: SendOptions): Promise<readonly Buffer[]>
  archivedUpTo(topic: string, partition?: number): Promise<number>
  /** Waits until everything in the log up to now is archived. */
  caughtUp(topic: string, partition?: number): Promise<void>
  close(): Promise<void>
}

export interface SendOptions {
  readonly partition?: number
  readonly bytes?: number
  readonly isFlash?: boolean
}

export interface BenchOptions {
  /** Lines of YAML for the settings. */
  readonly settings?: string
  /** Without configured feeds: every pushed name becomes one. */
  readonly isOpen?: boolean
  readonly nowMs?: () => number
  readonly sweepEveryMs?: number
}

const configured = `suppliers: { anp: {}, dpa: {} }
feeds:
  anp: { supplier: anp, partitions: 2 }
  dpa: { supplier: dpa, partitions: 1 }
`

/** Embedded engines in a directory of their own, with the feeds anp and dpa. */
export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-archiver-'))
  const embeddedOptions = {
    dir,
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
    sweepEveryMs: options.sweepEveryMs ?? 60_000,
  }
  const engines = await openEmbedded(embeddedOptions)
  const others: Engines[] = []
  const runs: Running[] = []
  const result = readSettings(
    `instance: test\n${options.isOpen ? '' : configured}${options.settings ?? 'archive: { flushAfter: 50ms }\n'}`,
    {},
  )
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const { settings } = result
  const feeds = await openFeeds(settings, engines.log)
  await applyTopics(engines.log, feeds.all())

  const bench: Bench = {
    engines,
    log: engines.log,
    archive: engines.archive,
    feeds,
    async start({ engines: on = engines, before } = {}) {
      const archive = faultyArchive(on.archive)
      before?.(archive)
      const metrics = createMetrics()
      const alarms = createAlarms(silentLogger, metrics)
      const service = archiver({ settings, engines: { ...on, archive }, feeds, log: silentLogger, metrics, alarms })
      let failure: unknown
      service.failed.catch((error: unknown) => {
        failure = error
      })
      const running = { service, archive, alarms, failure: () => failure, stop: () => service.stop(5_000) }
      runs.push(running)
      await service.start()
      return running
    },
    async another() {
      const opened = await openEmbedded(embeddedOptions)
      others.push(opened)
      return opened
    },
    async send(feed, count, { partition = 0, bytes = 2_000, isFlash = false } = {}) {
      const topic = `wire.${feed}${isFlash ? '.flash' : ''}`
      const values = Array.from({ length: count }, () => randomBytes(bytes))
      await engines.log.append(
        values.map((value) => ({ topic, partition, key: feed, value, headers: [['feed', feed] as const] })),
      )
      return values
    },
    async archivedUpTo(topic, partition = 0) {
      const report = await verifyArchive(engines.archive, { feed: topic.slice('wire.'.length).replace(/\.flash$/, '') })
      const [info] = await engines.log.topics([topic])
      return (
        report.partitions.find((one) => one.topic === topic && one.partition === partition && one.logId === info?.logId)
          ?.to ?? 0
      )
    },
    async caughtUp(topic, partition = 0) {
      const high = (await engines.log.offsets(topic))[partition]?.high ?? 0
      await until(
        `${topic}/${partition} is archived up to ${high}`,
        async () => (await bench.archivedUpTo(topic, partition)) >= high,
        {
          limitMs: 10_000,
        },
      )
    },
    async close() {
      for (const run of runs) await run.stop()
      for (const other of others) await other.close()
      await engines.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
  return bench
}
