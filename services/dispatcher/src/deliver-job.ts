import { type JobVerdict, type RunningJob, TransientFault } from '@dateline/ports'
import { tellFault } from '@dateline/runtime'
import { afterAttempt } from './attempts.ts'
import { type DeliveryJob, type Desk, deliveryIdOf, enqueue, jobIdOf, queueOf } from './desk.ts'
import type { DeliveryNote } from './notes.ts'
import { type PublishedEvent, publishedEvent, type Subscription, wants } from './subscription.ts'
import type { DeliveryResult } from './webhook.ts'

const askAgainMs = 1_000

/**
 * Works on the delivery jobs of partitions. Of one story and subscription one delivery is in hand at a time, and only the newest: an
 * older one is superseded. An engine that is away costs a delivery no try.
 */
export function createDeliverer(desk: Desk): (partition: number, job: RunningJob) => Promise<JobVerdict> {
  const { log, metrics, alarms } = desk.context
  const inHand = new Set<string>()
  const tries = new Map<string, { count: number; refusals: number }>()
  // Delivered or given up, but the log did not take the note yet. A job may run twice at once, as after a stall: it is noted once.
  const unnoted = new Map<
    string,
    { note: Omit<DeliveryNote, 'at'>; verdict: JobVerdict; noting: Promise<void> | null }
  >()
  return async function deliver(partition, job) {
    const data = JSON.parse(job.data) as DeliveryJob
    try {
      return await attempt(partition, job, data)
    } catch (error) {
      if (error instanceof TransientFault) {
        tellFault(desk.context, 'dispatcher', error)
        return later(askAgainMs)
      }
      log.error('A delivery met a bug', { err: error, subscription: data.subscription, storyKey: data.storyKey })
      if (!job.isLastAttempt) return { kind: 'retry', reason: 'a bug' }
      return end(partition, noteOf(data, 'given-up'), { kind: 'give-up', reason: 'a bug' }).catch(() =>
        later(askAgainMs),
      )
    }
  }

  async function attempt(partition: number, job: RunningJob, data: DeliveryJob): Promise<JobVerdict> {
    const held = desk.held.get(partition)
    if (held === undefined) return later(askAgainMs)
    const ended = unnoted.get(deliveryIdOf(data))
    if (ended !== undefined) return end(partition, ended.note, ended.verdict)
    // The tenure that came after made jobs of its own for all that is not over; of one that this member has not heard of it knows nothing.
    const isOlder = data.tenure.logId !== held.tenure.logId || data.tenure.number < held.tenure.number
    if (isOlder) return { kind: 'done' }
    if (data.tenure.number > held.tenure.number) return later(askAgainMs)
    const { storyKey, storySeq } = data
    const subscription = desk.subscriptions.get(data.subscription)
    const record = await desk.recent.find(partition, data.offset)
    // From here to the lane nothing is awaited: what is over or in hand must not change in between.
    if (desk.notes.isOver(data.subscription, storyKey, storySeq)) {
      held.deliveries.over(data.subscription, storyKey, storySeq)
      return { kind: 'done' }
    }
    const event = record === null ? null : publishedEvent(record)
    if (event?.id !== data.eventId) return end(partition, noteOf(data, 'given-up'), { kind: 'done' })
    const isWanted = subscription !== undefined && !desk.disabled.has(subscription.name) && wants(subscription, event)
    if (!isWanted) return end(partition, noteOf(data, 'disabled'), { kind: 'done' })
    if (!held.deliveries.isNewest(subscription.name, storyKey, storySeq))
      return end(partition, noteOf(data, 'superseded'), { kind: 'done' })
    const lane = `${subscription.name}\n${storyKey}`
    if (inHand.has(lane)) return later(200)
    const waitMs = desk.gate.enter(subscription.name)
    if (waitMs !== null) return later(waitMs)
    inHand.add(lane)
    let result: DeliveryResult | null = null
    try {
      result = await desk.sender.send(subscription, event, Date.now())
      return await conclude(partition, { job, data, event, subscription, result })
    } finally {
      inHand.delete(lane)
      if (desk.gate.leave(subscription.name, result)) void wakeAll(subscription.name)
    }
  }

  async function conclude(
    partition: number,
    done: {
      readonly job: RunningJob
      readonly data: DeliveryJob
      readonly event: PublishedEvent
      readonly subscription: Subscription
      readonly result: DeliveryResult
    },
  ): Promise<JobVerdict> {
    const { job, data, event, subscription, result } = done
    const nowMs = Date.now()
    const known = tries.get(deliveryIdOf(data)) ?? { count: 0, refusals: 0 }
    const isRefused = result.kind === 'refused' || result.kind === 'forbidden'
    const counted = { count: known.count + 1, refusals: known.refusals + (isRefused ? 1 : 0) }
    tries.set(deliveryIdOf(data), counted)
    const { verdict, note } = afterAttempt(
      result,
      {
        attempt: job.attempt,
        isLastAttempt: job.isLastAttempt,
        tries: counted.count,
        refusals: counted.refusals,
        ageMs: nowMs - event.record.timeMs,
      },
      { schedule: desk.schedule, nowMs },
    )
    if (isRefused)
      alarms.raise(
        'webhook-given-up',
        subscription.name,
        `The webhook of ${subscription.name} refuses deliveries (${result.kind === 'refused' ? result.status : result.why}).`,
      )
    if (note === 'given-up')
      alarms.raise(
        'webhook-given-up',
        subscription.name,
        `A delivery to ${subscription.name} was given up: ask its owner to fetch what is missing through the API.`,
      )
    if (note === 'delivered')
      alarms.clear('webhook-given-up', subscription.name, `The webhook of ${subscription.name} takes deliveries again.`)
    if (note === 'disabled') disable(subscription.name)
    if (note !== null) return end(partition, noteOf(data, note), verdict)
    metrics.deliveries.inc({ subscription: subscription.name, result: 'retried' })
    return verdict
  }

  /** The log is told before the job is: a crash between the two delivers once more, under the same webhook-id. */
  async function end(partition: number, note: Omit<DeliveryNote, 'at'>, verdict: JobVerdict): Promise<JobVerdict> {
    const { subscription, storyKey, storySeq, eventId, result } = note
    const delivery = deliveryIdOf(note)
    const entry = unnoted.get(delivery) ?? { note, verdict, noting: null }
    unnoted.set(delivery, entry)
    entry.noting ??= desk.notes.note({ ...note, at: new Date().toISOString() }).finally(() => {
      entry.noting = null
    })
    await entry.noting
    if (!unnoted.delete(delivery)) return verdict
    tries.delete(delivery)
    metrics.deliveries.inc({ subscription, result })
    if (result === 'given-up')
      log.error(`Gave up delivering ${storyKey} to ${subscription}`, { subscription, storyKey, eventId })
    desk.held.get(partition)?.deliveries.over(subscription, storyKey, storySeq)
    return verdict
  }

  function disable(name: string): void {
    desk.disabled.add(name)
    alarms.raise(
      'webhook-given-up',
      name,
      `The receiver of ${name} answered 410 Gone: nothing is delivered to it until the dispatcher starts again. Set active: false, or mend its url.`,
    )
  }

  /** After an outage nobody waits for the hours of the schedule: what failed is put in the queue anew. */
  async function wakeAll(subscription: string): Promise<void> {
    try {
      for (const [partition, { deliveries, tenure }] of desk.held)
        for (const due of deliveries.open())
          if (due.subscription === subscription && !tries.get(deliveryIdOf(due))?.refusals)
            if (await desk.context.engines.jobs.remove(queueOf(partition), jobIdOf(due, tenure)))
              await enqueue(desk, partition, { dues: [due] })
    } catch (error) {
      if (!(error instanceof TransientFault)) log.error('Deliveries were not woken after an outage', { err: error })
    }
  }
}

const later = (pauseMs: number): JobVerdict => ({ kind: 'later', notBeforeMs: Date.now() + pauseMs })

const noteOf = (
  { subscription, eventId, storyKey, storySeq }: DeliveryJob,
  result: DeliveryNote['result'],
): Omit<DeliveryNote, 'at'> => ({ subscription, eventId, storyKey, storySeq, result })
