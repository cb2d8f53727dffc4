import { hash } from 'node:crypto'
import type { Consumption, JobVerdict, JobWork, LogRecord, RunningJob } from '@dateline/ports'
import { createPulse, failure, patiently, type Service, type ServiceContext, tellFault } from '@dateline/runtime'
import { decodeParsedRecord, encodeParsedRecord } from '@dateline/story'

const topic = 'stories.embargoed'
const queue = 'releases'
const reconcileEveryMs = 15_000
const askAgainAfterMs = 2_000

interface HeldEvent {
  readonly partition: number
  readonly offset: number
  readonly dueMs: number
}

interface ReleaseJob {
  readonly key: string
}

/**
 * Asks for the release of held stories when their embargo is due. The obligation is the record in `stories.embargoed`; a job is only its
 * alarm clock, set again by the reconciler. A job is done when the record is nulled, which the publisher does and nobody else.
 */
export function releases(context: ServiceContext): Service {
  const { engines, metrics, log } = context
  const { failed, fail } = failure()
  const held = new Map<string, HeldEvent>()
  const pulse = createPulse()
  let consumption: Consumption | null = null
  let work: JobWork | null = null
  let reconciling: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    pulse.beat()
    reconciling = reconciling.then(reconcile)
  }, reconcileEveryMs).unref()
  return {
    name: 'dispatcher-releases',
    failed,
    async start() {
      consumption = await engines.log.consume({
        group: null,
        topics: [topic],
        concurrency: 12,
        maxRecords: 500,
        startAt: async ({ low }) => low,
        handle: async (batch) => {
          for (const record of batch.records) await take(record)
        },
      })
      consumption.ended.catch(fail)
      work = await patiently(() => engines.jobs.work(queue, release, { concurrency: 8 }), {
        onFault: (fault) => tellFault(context, 'dispatcher', fault),
      })
    },
    async stop(deadlineMs) {
      clearInterval(timer)
      await Promise.all([consumption?.stop(deadlineMs), work?.stop(deadlineMs)])
      await reconciling
    },
    isReady: () => work !== null && (consumption?.isReady() ?? false),
    isLive: pulse.isLive,
  }

  async function take(record: LogRecord): Promise<void> {
    const key = record.key?.toString('utf8')
    if (key === undefined) return
    if (record.value === null) {
      held.delete(key)
      return
    }
    const line = decodeParsedRecord(record.value)?.line
    const until = line?.kind === 'item' ? Date.parse(line.embargo ?? '') : Number.NaN
    // An indefinite embargo has no hour: it ends by a later version, or by the desk.
    if (Number.isNaN(until)) held.delete(key)
    else {
      held.set(key, { partition: record.partition, offset: record.offset, dueMs: until })
      await wake(key, until).catch((error: unknown) => log.debug('A release was not scheduled yet', { err: error }))
    }
  }

  async function reconcile(): Promise<void> {
    try {
      for (const [key, { dueMs }] of held) await wake(key, dueMs)
    } catch (error) {
      log.warn('The jobs engine is away: releases are scheduled again when it is back', { err: error })
    }
  }

  async function wake(key: string, dueMs: number): Promise<void> {
    await engines.jobs.add(queue, {
      id: `r${hash('sha256', `${key}\n${dueMs}`)}`,
      data: JSON.stringify({ key } satisfies ReleaseJob),
      notBeforeMs: dueMs,
    })
  }

  async function release(job: RunningJob): Promise<JobVerdict> {
    pulse.beat()
    const { key } = JSON.parse(job.data) as ReleaseJob
    const event = held.get(key)
    if (event === undefined) return { kind: 'done' }
    if (event.dueMs > Date.now()) return { kind: 'later', notBeforeMs: event.dueMs }
    const [record] = await engines.log.read(topic, event.partition, event.offset, { maxRecords: 1 })
    const decoded =
      record?.value === null || record?.value === undefined || record.offset !== event.offset
        ? null
        : decodeParsedRecord(record.value)
    // Nulled or replaced a moment ago: what follows the topic will tell.
    if (decoded === null || decoded.line.kind !== 'item' || decoded.line.storyKey === undefined)
      return { kind: 'later', notBeforeMs: Date.now() + askAgainAfterMs }
    const command = {
      kind: 'release',
      storyKey: decoded.line.storyKey,
      eventId: key.slice(key.indexOf('\n') + 1),
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
    metrics.releases.inc({ feed: decoded.line.feed })
    return { kind: 'later', notBeforeMs: Date.now() + askAgainAfterMs }
  }
}
