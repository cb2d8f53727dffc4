import { setTimeout as sleep } from 'node:timers/promises'
import { type Batch, type Consumption, headerText, type LogRecord, OwnershipLost } from '@dateline/ports'
import {
  createPulse,
  durationMs,
  failure,
  patiently,
  type Service,
  type ServiceContext,
  tellFault,
} from '@dateline/runtime'
import { publishedEvent, type Subscription, subscriptionsOf, wants } from './subscription.ts'
import { createSender, type DeliveryResult } from './webhook.ts'

export interface RedeliveriesOptions {
  /** Pauses before each further try; then it is given up. */
  readonly pausesMs?: readonly number[]
}

const topic = 'stories.redeliveries'
const pausesMs = [1_000, 5_000, 15_000, 30_000, 60_000]

/**
 * What a replay delivers again to a webhook, one after the other in each partition. The webhook-id is the event's and the replay's, so that
 * a receiver that drops repeats takes it: the same at every attempt. What is given up is said; the operator may ask again.
 */
export function redeliveries(context: ServiceContext, options: RedeliveriesOptions = {}): Service {
  const { engines, log, metrics } = context
  const { failed, fail } = failure()
  const subscriptions = new Map(subscriptionsOf(context.settings).map((one) => [one.name, one]))
  const sender = createSender()
  const pulse = createPulse()
  const stopping = new AbortController()
  let consumption: Consumption | null = null
  let beating: NodeJS.Timeout | null = null
  return {
    name: 'dispatcher-redeliveries',
    failed,
    async start() {
      beating = setInterval(pulse.beat, 5_000).unref()
      if (subscriptions.size === 0) return
      consumption = await patiently(
        () =>
          engines.log.consume({
            group: 'dispatcher-redeliveries',
            topics: [topic],
            concurrency: 4,
            maxRecords: 10,
            sessionTimeoutMs: durationMs(context.settings.consumers.sessionTimeout),
            handle,
          }),
        { signal: stopping.signal, onFault: (fault) => tellFault(context, 'dispatcher', fault) },
      )
      consumption.ended.catch(fail)
    },
    async stop(deadlineMs) {
      if (beating !== null) clearInterval(beating)
      stopping.abort()
      await consumption?.stop(deadlineMs)
      await sender.close()
    },
    isReady: () => subscriptions.size === 0 || (consumption?.isReady() ?? false),
    isLive: pulse.isLive,
  }

  async function handle(batch: Batch): Promise<void> {
    for (const record of batch.records) {
      pulse.beat()
      await deliver(record, batch)
      // Behind each one: a crash repeats one delivery, under the same webhook-id.
      await batch.commit(record.offset + 1)
    }
    await batch.commit(batch.next)
  }

  async function deliver(record: LogRecord, batch: Batch): Promise<void> {
    const event = publishedEvent(record)
    const name = headerText(record, 'dateline-subscription') ?? ''
    const subscription = subscriptions.get(name)
    if (event === null || subscription === undefined || !wants(subscription, event)) return
    const replay = headerText(record, 'ce_replayid') ?? ''
    const message = { ...event, id: `${event.id}_${replay}` }
    const result = await untilTaken(subscription, message, batch)
    metrics.deliveries.inc({ subscription: name, result: result.kind === 'delivered' ? 'redelivered' : 'given-up' })
    if (result.kind === 'delivered') return
    log.error(`Gave up delivering ${event.storyKey} to ${name} again`, { replay, result: result.kind })
  }

  async function untilTaken(
    subscription: Subscription,
    event: NonNullable<ReturnType<typeof publishedEvent>>,
    batch: Batch,
  ): Promise<DeliveryResult> {
    const pauses = options.pausesMs ?? pausesMs
    for (let attempt = 0; ; attempt += 1) {
      const result = await sender.send(subscription, event, Date.now())
      const pauseMs = result.kind === 'busy' ? Math.min(result.retryAfterMs, 60_000) : pauses[attempt]
      if (result.kind === 'delivered' || result.kind === 'gone' || result.kind === 'forbidden') return result
      if (pauseMs === undefined || attempt > pauses.length * 4) return result
      await rest(pauseMs, batch)
    }
  }

  /** The partition stays this member's while it waits; a stop leaves the delivery to the next one. */
  async function rest(pauseMs: number, batch: Batch): Promise<void> {
    for (let left = pauseMs; left > 0; left -= 1_000) {
      await sleep(Math.min(1_000, left), undefined, { signal: stopping.signal }).catch(() => undefined)
      pulse.beat()
      if (stopping.signal.aborted || !(await batch.stillOwned()))
        throw new OwnershipLost('A delivery was left to who has the partition next')
    }
  }
}
