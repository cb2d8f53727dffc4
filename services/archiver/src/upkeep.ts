import { randomUUID } from 'node:crypto'
import { EngineRefusal, type JobVerdict, type JobWork, TransientFault } from '@dateline/ports'
import {
  createPulse,
  durationMs,
  type Feed,
  failure,
  feedFrom,
  feedOfTopic,
  patiently,
  type Service,
  type ServiceContext,
  type Settings,
  tellFault,
} from '@dateline/runtime'
import { type KeepOptions, type KeptChain, keepArchive } from './keep-archive.ts'
import { storiesIn } from './stories-in.ts'

const queue = 'archive-upkeep'
/** Of one processor; the live wire comes first. */
const share = 0.1
/** After an engine did not answer. */
const laterMs = 30_000

/** A ServiceContext is one. */
export type UpkeepContext = Pick<ServiceContext, 'settings' | 'engines' | 'log' | 'metrics' | 'alarms'>

/** Retention, joining and indexes of the archive, by one process at a time, every so often. It reads the archive alone: the archiver knows nothing of it. */
export function archiveUpkeep(context: UpkeepContext): Service {
  const { engines, settings, alarms, log, metrics } = context
  const { failed, fail } = failure()
  const pulse = createPulse()
  const stopping = new AbortController()
  const timer = setInterval(pulse.beat, 5_000).unref()
  const patience = {
    signal: stopping.signal,
    onFault: (fault: TransientFault) => tellFault(context, 'archiver', fault),
  }
  const settled = new Map<string, number>()
  let beginning: Promise<void> = Promise.resolve()
  let work: JobWork | null = null

  return {
    name: 'archive-upkeep',
    failed,
    async start() {
      // Whoever waits for it, as the jobs may be away, does so without holding up the other services of the process.
      beginning = begin().catch((error: unknown) => {
        // What was begun when it stopped is no failure.
        if (!stopping.signal.aborted) fail(error)
      })
    },
    async stop(deadlineMs) {
      clearInterval(timer)
      stopping.abort()
      await beginning
      await work?.stop(deadlineMs)
    },
    isReady: () => true,
    isLive: pulse.isLive,
  }

  async function begin(): Promise<void> {
    const everyMs = durationMs(settings.archive.upkeepEvery)
    await patiently(() => engines.jobs.every(queue, { id: 'upkeep', everyMs, data: '{}' }), patience)
    work = await patiently(() => engines.jobs.work(queue, round, { concurrency: 1 }), patience)
  }

  async function round(): Promise<JobVerdict> {
    const troubles = new Map<string, string>()
    const passed = new Set<string>()
    try {
      const isStopping = () => stopping.signal.aborted
      const options = { ...keepOptions(settings, Date.now()), share, settled, isStopping }
      for await (const kept of keepArchive(engines.archive, options)) {
        const feed = feedOfTopic(kept.topic) ?? kept.topic
        passed.add(feed)
        if (kept.trouble !== null) troubles.set(feed, `${kept.topic}/${kept.partition}: ${kept.trouble}`)
        tellDone(kept)
      }
      for (const feed of passed) tellTrouble(feed, troubles.get(feed))
      return { kind: 'done' }
    } catch (error) {
      if (error instanceof EngineRefusal) return { kind: 'give-up', reason: error.message }
      if (!(error instanceof TransientFault)) throw error
      if (!stopping.signal.aborted) tellFault(context, 'archiver', error)
      return { kind: 'later', notBeforeMs: Date.now() + laterMs }
    }
  }

  function tellTrouble(feed: string, trouble: string | undefined): void {
    if (trouble === undefined) alarms.clear('archive-upkeep', feed, `The upkeep of the archive of ${feed} goes on`)
    else alarms.raise('archive-upkeep', feed, `The upkeep of the archive left something to a person. ${trouble}`)
  }

  function tellDone({ topic, partition, removedMessages, joined, made, swept, indexed }: KeptChain): void {
    const feed = feedOfTopic(topic) ?? topic
    for (const [what, count] of Object.entries({ expired: removedMessages, joined, removed: swept, indexed }))
      if (count > 0) metrics.archiveUpkeep.inc({ feed, what }, count)
    if (removedMessages > 0) log.info(`${removedMessages} messages are kept no longer`, { topic, partition })
    if (joined > 0) log.info(`${joined} archived objects became ${made}`, { topic, partition })
  }
}

/** What the settings say of upkeep. */
export function keepOptions(settings: Settings, nowMs: number): KeepOptions {
  const feedOf = (name: string): Feed => feedFrom(name, settings)
  const joinAfterMs = durationMs(settings.archive.joinAfter)
  return {
    nowMs,
    writer: `upkeep-${randomUUID()}`,
    retentionOf(name) {
      const { supplier } = feedOf(name)
      const retention = settings.suppliers[supplier]?.retention
      return retention === undefined
        ? null
        : { ms: durationMs(retention), reason: `${supplier} lets its messages be kept for ${retention}` }
    },
    joinAfterMs: joinAfterMs === 0 ? null : joinAfterMs,
    storiesIn: settings.archive.index ? storiesIn(feedOf) : null,
  }
}
