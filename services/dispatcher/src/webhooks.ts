import { hash } from 'node:crypto'
import {
  type Batch,
  type Consumption,
  type JobVerdict,
  type JobWork,
  type RunningJob,
  TransientFault,
} from '@dateline/ports'
import { createPulse, failure, patiently, type Service, type ServiceContext, tellFault } from '@dateline/runtime'
import { afterAttempt, attempts, pausesMs } from './attempts.ts'
import { type DeliveryNote, openDeliveryNotes } from './notes.ts'
import { createPartitionDeliveries, type PartitionDeliveries } from './partition-deliveries.ts'
import { createRecentRecords } from './recent-records.ts'
import { type PublishedEvent, publishedEvent, type Subscription, subscriptionsOf, wants } from './subscription.ts'
import { deliver } from './webhook.ts'

const topic = 'stories'
const mostUnderWay = 2_000

interface DeliveryJob {
  readonly subscription: string
  readonly offset: number
  readonly storyKey: string
  readonly storySeq: number
}

interface Held {
  readonly deliveries: PartitionDeliveries
  readonly work: JobWork
  batch: Batch | null
}

/**
 * Published stories to webhooks. The member that has a partition of `stories` makes its jobs and works on them. Its committed position
 * is the oldest event that is not yet delivered or given up to everyone: after a crash, or when the queue was wiped, it reads on from there.
 */
export function webhooks(context: ServiceContext): Service {
  const { engines, log, metrics, alarms } = context
  const { failed, fail } = failure()
  const subscriptions = new Map(
    subscriptionsOf(context.settings).map((subscription) => [subscription.name, subscription]),
  )
  const disabled = new Set<string>()
  const held = new Map<number, Held>()
  const recent = createRecentRecords(67_108_864)
  const notes = openDeliveryNotes(engines.log)
  const inHand = new Set<string>()
  const pulse = createPulse()
  const ticking = setInterval(() => void tick(), 2_000).unref()
  let consumption: Consumption | null = null
  return {
    name: 'dispatcher-webhooks',
    failed,
    async start() {
      if (subscriptions.size === 0) return
      consumption = await engines.log.consume({
        group: 'dispatcher',
        topics: [topic],
        concurrency: 12,
        startAt: async ({ partition, committed, low, high }) => {
          await notes.catchUp()
          // A new installation of webhooks begins with what comes, not with a week of old news.
          const start = committed ?? (await notes.beginOf(partition, high))
          await takeOver(partition, Math.max(start, low))
          return start
        },
        handle,
        onRetentionLoss: (loss) =>
          alarms.raise(
            'retention-loss',
            topic,
            `${loss.to - loss.from} events of ${topic}/${loss.partition} were no longer kept when the dispatcher came to them.`,
            loss,
          ),
      })
      consumption.ended.catch(fail)
    },
    async stop(deadlineMs) {
      clearInterval(ticking)
      await consumption?.stop(deadlineMs)
      await Promise.all([...held.values()].map(({ work }) => work.stop(deadlineMs)))
    },
    isReady: () => subscriptions.size === 0 || (consumption?.isReady() ?? false),
    isLive: pulse.isLive,
  }

  async function takeOver(partition: number, start: number): Promise<void> {
    await held.get(partition)?.work.stop(5_000)
    const deliveries = createPartitionDeliveries(start)
    const work = await patiently(
      () => engines.jobs.work(queueOf(partition), (job) => attempt(partition, job), { concurrency: 16 }),
      { onFault: (fault) => tellFault(context, 'dispatcher', fault) },
    )
    held.set(partition, { deliveries, work, batch: null })
  }

  async function handle(batch: Batch): Promise<void> {
    const partition = held.get(batch.partition)
    if (partition === undefined) return
    for (const record of batch.records) {
      pulse.beat()
      const event = publishedEvent(record)
      const due = event === null ? [] : [...subscriptions.values()].filter((subscription) => isDue(subscription, event))
      if (event !== null && due.length > 0) {
        recent.keep(record)
        partition.deliveries.due(
          record.offset,
          event.storyKey,
          event.storySeq,
          due.map((subscription) => subscription.name),
        )
        for (const subscription of due) await enqueue(batch, event, subscription)
      }
      partition.deliveries.passed(record.offset + 1)
    }
    partition.batch = batch
    await settle(batch.partition)
    // What waits for a slow receiver waits in the log, not in memory.
    await patiently(
      async () => {
        if (partition.deliveries.underWay > mostUnderWay)
          throw new TransientFault('jobs', 'Receivers are slow: deliveries wait in the log')
      },
      { goOn: () => batch.stillOwned(), longestPauseMs: 1_000 },
    )
  }

  async function enqueue(batch: Batch, event: PublishedEvent, subscription: Subscription): Promise<void> {
    const data: DeliveryJob = {
      subscription: subscription.name,
      offset: event.record.offset,
      storyKey: event.storyKey,
      storySeq: event.storySeq,
    }
    const id = jobId(event.id, subscription.name)
    await patiently(
      () =>
        engines.jobs.add(queueOf(batch.partition), { id, data: JSON.stringify(data), retry: { attempts, pausesMs } }),
      {
        onFault: (fault) => tellFault(context, 'dispatcher', fault),
        goOn: () => batch.stillOwned(),
      },
    )
  }

  /** What is noted as over was delivered, or given up, before a crash. */
  function isDue(subscription: Subscription, event: PublishedEvent): boolean {
    return (
      !disabled.has(subscription.name) &&
      wants(subscription, event) &&
      !notes.isOver(subscription.name, event.storyKey, event.storySeq)
    )
  }

  async function attempt(partition: number, job: RunningJob): Promise<JobVerdict> {
    pulse.beat()
    const data = JSON.parse(job.data) as DeliveryJob
    const deliveries = held.get(partition)?.deliveries
    const subscription = subscriptions.get(data.subscription)
    const record = await recent.find(engines.log, topic, partition, data.offset)
    const event = record === null ? null : publishedEvent(record)
    if (deliveries === undefined) return { kind: 'later', notBeforeMs: Date.now() + 1_000 }
    if (subscription === undefined || event === null || disabled.has(data.subscription))
      return end(partition, data, event?.id ?? '', 'given-up', { kind: 'done' })
    if (!deliveries.isNewest(data.subscription, data.storyKey, data.storySeq))
      return end(partition, data, event.id, 'superseded', { kind: 'done' })
    const lane = `${data.subscription}\n${data.storyKey}`
    if (inHand.has(lane)) return { kind: 'later', notBeforeMs: Date.now() + 200 }
    inHand.add(lane)
    try {
      const result = await deliver(subscription, event, Date.now())
      const { verdict, note } = afterAttempt(result, job.isLastAttempt ? attempts : job.attempt, Date.now())
      if (result.kind === 'refused' || result.kind === 'forbidden')
        alarms.raise(
          'webhook-given-up',
          data.subscription,
          `The webhook of ${data.subscription} refuses deliveries (${result.kind === 'refused' ? result.status : result.why}).`,
        )
      if (note === null) {
        metrics.deliveries.inc({ subscription: data.subscription, result: 'retried' })
        return verdict
      }
      if (note === 'delivered')
        alarms.clear(
          'webhook-given-up',
          data.subscription,
          `The webhook of ${data.subscription} takes deliveries again.`,
        )
      if (note === 'disabled') disable(data.subscription)
      return await end(partition, data, event.id, note, verdict)
    } finally {
      inHand.delete(lane)
    }
  }

  /** The log is told before the job is: a crash between the two delivers once more, under the same webhook-id. */
  async function end(
    partition: number,
    data: DeliveryJob,
    eventId: string,
    result: DeliveryNote['result'],
    verdict: JobVerdict,
  ): Promise<JobVerdict> {
    await notes.note({
      subscription: data.subscription,
      eventId,
      storyKey: data.storyKey,
      storySeq: data.storySeq,
      result,
      at: new Date().toISOString(),
    })
    metrics.deliveries.inc({ subscription: data.subscription, result })
    if (result === 'given-up')
      log.error(`Gave up delivering ${data.storyKey} to ${data.subscription}`, {
        subscription: data.subscription,
        storyKey: data.storyKey,
        eventId,
      })
    held.get(partition)?.deliveries.done(data.offset, data.subscription)
    return verdict
  }

  function disable(name: string): void {
    disabled.add(name)
    alarms.raise(
      'webhook-given-up',
      name,
      `The receiver of ${name} answered 410 Gone: nothing is delivered to it until the dispatcher starts again. Set active: false, or mend its url.`,
    )
  }

  /** Commits how far everything is done, and lets go of partitions that are another member's now. */
  async function tick(): Promise<void> {
    pulse.beat()
    const mine = new Set(consumption?.assigned().map((entry) => entry.partition))
    for (const [partition, { work }] of held) {
      if (mine.has(partition)) await settle(partition)
      else {
        held.delete(partition)
        await work.stop(5_000)
      }
    }
  }

  async function settle(partition: number): Promise<void> {
    const found = held.get(partition)
    if (found?.batch === null || found?.batch === undefined) return
    await found.batch.commit(found.deliveries.doneBelow()).catch((error: unknown) => {
      if (log.isDebug) log.debug('A position was not committed', { err: error, partition })
    })
  }
}

const queueOf = (partition: number): string => `webhooks-${partition}`

const jobId = (eventId: string, subscription: string): string => `d${hash('sha256', `${eventId}\n${subscription}`)}`
