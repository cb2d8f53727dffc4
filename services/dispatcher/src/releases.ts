import { hash } from 'node:crypto'
import {
  type Consumption,
  type JobVerdict,
  type JobWork,
  type LogRecord,
  type RunningJob,
  TransientFault,
} from '@dateline/ports'
import {
  createPulse,
  failure,
  patiently,
  readPartition,
  type Service,
  type ServiceContext,
  tellFault,
} from '@dateline/runtime'
import { decodeParsedRecord, encodeParsedRecord } from '@dateline/story'

export interface ReleasesOptions {
  readonly reconcileEveryMs?: number
}

const topic = 'stories.embargoed'
const queue = 'releases'
/** Jobs are set for what is due soon: an embargo of next month needs no alarm clock yet. */
const soonMs = 600_000
const firstAskAgainMs = 2_000
const longestAskAgainMs = 60_000
/** Overdue for so long and not asked for: its job is lost, or said to be done. */
const overdueMs = 20_000

interface HeldEvent {
  readonly partition: number
  readonly offset: number
  readonly dueMs: number
  asked: number
  askAgainAtMs: number
}

interface ReleaseJob {
  readonly key: string
  readonly partition: number
  readonly offset: number
}

/**
 * Asks for the release of held stories when their embargo is due. The obligation is the record in `stories.embargoed`; a job is only its
 * alarm clock, set again by the reconciler. A job is done when the record is nulled, which the publisher does and nobody else.
 */
export function releases(context: ServiceContext, options: ReleasesOptions = {}): Service {
  const { engines, metrics, log } = context
  const { failed, fail } = failure()
  const held = new Map<string, HeldEvent>()
  /** Everything below was read. */
  const seen = new Map<number, number>()
  const pulse = createPulse()
  const stopping = new AbortController()
  const onFault = (fault: TransientFault): void => tellFault(context, 'dispatcher', fault)
  const patience = { onFault, signal: stopping.signal }
  let consumption: Consumption | null = null
  let work: JobWork | null = null
  let timers: readonly NodeJS.Timeout[] = []
  let reconciling: Promise<void> = Promise.resolve()
  return {
    name: 'dispatcher-releases',
    failed,
    async start() {
      timers = [setInterval(pulse.beat, 5_000).unref()]
      // All that is held is known before the first job runs: to a job that finds nothing held, all is done.
      for (const { partition } of await patiently(() => engines.log.offsets(topic), patience))
        await patiently(() => readAll(partition), patience)
      consumption = await patiently(follow, patience)
      consumption.ended.catch(fail)
      work = await patiently(() => engines.jobs.work(queue, release, { concurrency: 8 }), patience)
      const look = (): void => {
        reconciling = reconciling.then(reconcile).catch(fail)
      }
      look()
      timers = [...timers, setInterval(look, options.reconcileEveryMs ?? 15_000).unref()]
    },
    async stop(deadlineMs) {
      for (const timer of timers) clearInterval(timer)
      stopping.abort()
      await Promise.all([consumption?.stop(deadlineMs), work?.stop(deadlineMs)])
    },
    isReady: () => work !== null && (consumption?.isReady() ?? false),
    isLive: pulse.isLive,
  }

  async function readAll(partition: number): Promise<void> {
    const high = (await engines.log.offsets(topic)).find((entry) => entry.partition === partition)?.high ?? 0
    for await (const record of readPartition(engines.log, topic, partition, seen.get(partition))) {
      take(record)
      seen.set(partition, record.offset + 1)
    }
    seen.set(partition, Math.max(high, seen.get(partition) ?? 0))
  }

  function follow(): Promise<Consumption> {
    return engines.log.consume({
      group: null,
      topics: [topic],
      concurrency: 12,
      maxRecords: 500,
      startAt: async ({ partition, low }) => seen.get(partition) ?? low,
      handle: async (batch) => {
        pulse.beat()
        const keys = batch.records.map(take)
        seen.set(batch.partition, batch.next)
        for (const key of new Set(keys)) {
          const event = key === null ? undefined : held.get(key)
          // What is not scheduled now is scheduled by the reconciler.
          if (key !== null && event !== undefined) await wake(key, event).catch(passing)
        }
      },
    })
  }

  /** The key, where there is one. */
  function take({ key, value, partition, offset }: LogRecord): string | null {
    const name = key?.toString('utf8')
    if (name === undefined) return null
    const line = value === null ? undefined : decodeParsedRecord(value)?.line
    const dueMs = line?.kind === 'item' ? Date.parse(line.embargo ?? '') : Number.NaN
    // An indefinite embargo has no hour: it ends by a later version, or by the desk.
    if (Number.isNaN(dueMs)) held.delete(name)
    else held.set(name, { partition, offset, dueMs, asked: 0, askAgainAtMs: 0 })
    return name
  }

  /** Sets alarm clocks that may be missing, and asks itself where one is long overdue. */
  async function reconcile(): Promise<void> {
    try {
      for (const [key, event] of [...held]) {
        const nowMs = Date.now()
        if (event.dueMs <= nowMs + soonMs) await wake(key, event)
        if (event.dueMs + overdueMs <= nowMs && event.askAgainAtMs <= nowMs) await ask(key, event)
      }
    } catch (error) {
      passing(error)
    }
  }

  function passing(error: unknown): void {
    if (!(error instanceof TransientFault)) throw error
    onFault(error)
  }

  async function wake(key: string, { partition, offset, dueMs }: HeldEvent): Promise<void> {
    if (dueMs > Date.now() + soonMs) return
    await engines.jobs.add(queue, {
      id: `r${hash('sha256', `${key}\n${dueMs}`)}`,
      data: JSON.stringify({ key, partition, offset } satisfies ReleaseJob),
      notBeforeMs: dueMs,
    })
  }

  async function release(job: RunningJob): Promise<JobVerdict> {
    pulse.beat()
    const { key, partition, offset } = JSON.parse(job.data) as ReleaseJob
    const event = held.get(key)
    const nowMs = Date.now()
    if (event === undefined) {
      // Another member may have heard of it first.
      const isRead = (seen.get(partition) ?? 0) > offset
      return isRead ? { kind: 'done' } : { kind: 'later', notBeforeMs: nowMs + 500 }
    }
    if (event.dueMs > nowMs) return { kind: 'later', notBeforeMs: event.dueMs }
    if (event.askAgainAtMs > nowMs) return { kind: 'later', notBeforeMs: event.askAgainAtMs }
    try {
      await ask(key, event)
    } catch (error) {
      // Thrown, it would count as a failed try of a job that has only one.
      if (error instanceof TransientFault) onFault(error)
      else log.error('A release could not be asked for', { err: error, key })
      return { kind: 'later', notBeforeMs: nowMs + firstAskAgainMs }
    }
    return { kind: 'later', notBeforeMs: event.askAgainAtMs }
  }

  /** To the partition in which the story's records lie, whatever its key. Asked again, ever more slowly, until the null is seen. */
  async function ask(key: string, event: HeldEvent): Promise<void> {
    event.askAgainAtMs = Date.now() + Math.min(firstAskAgainMs * 2 ** event.asked, longestAskAgainMs)
    const [record] = await engines.log.read(topic, event.partition, event.offset, { maxRecords: 1 })
    // Compacted away a moment ago: the null that did it is on its way.
    if (record?.offset !== event.offset || record.value === null) return
    const decoded = decodeParsedRecord(record.value)
    if (decoded?.line.kind !== 'item') return
    const end = key.lastIndexOf('\n')
    const command = {
      kind: 'release',
      storyKey: decoded.line.storyKey ?? key.slice(0, end),
      eventId: key.slice(end + 1),
      item: decoded.line,
    } as const
    await engines.log.append([
      {
        topic: 'stories.parsed',
        partition: event.partition,
        key: command.storyKey,
        value: encodeParsedRecord(command, decoded.document),
      },
    ])
    event.asked += 1
    metrics.releases.inc({ feed: decoded.line.feed })
  }
}
