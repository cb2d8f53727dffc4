import { type Batch, type Consumption, EngineRefusal, OwnershipLost, TransientFault } from '@dateline/ports'
import {
  createPulse,
  durationMs,
  failure,
  patiently,
  type Service,
  type ServiceContext,
  tellFault,
} from '@dateline/runtime'
import { schedule as fullSchedule, type Schedule } from './attempts.ts'
import { createDeliverer } from './deliver-job.ts'
import { type Desk, enqueue, queueOf, storiesTopic } from './desk.ts'
import { createEntry } from './enter-events.ts'
import { openDeliveryNotes } from './notes.ts'
import { createPartitionDeliveries } from './partition-deliveries.ts'
import { createReceiverGate } from './receiver-gate.ts'
import { createRecentRecords } from './recent-records.ts'
import { type Subscription, subscriptionsOf } from './subscription.ts'
import { createSender, signatureOf } from './webhook.ts'

export interface WebhooksOptions {
  readonly schedule?: Schedule
  readonly tickEveryMs?: number
  readonly sweepEveryMs?: number
  /** Of one subscription and partition; what is more waits in the log. */
  readonly mostUnderWay?: number
}

/**
 * Published stories to webhooks. The member that has a partition of `stories` makes its jobs and works on them. Its committed position
 * is the oldest event that is not yet delivered or given up to everyone: after a crash, or when the queue was wiped, it reads on from there.
 */
export function webhooks(context: ServiceContext, options: WebhooksOptions = {}): Service {
  const { engines, log, alarms } = context
  const { failed, fail } = failure()
  const subscriptions = subscriptionsOf(context.settings)
  const stopping = new AbortController()
  const desk: Desk = {
    context,
    subscriptions: new Map(subscriptions.map((subscription) => [subscription.name, subscription])),
    disabled: new Set(),
    held: new Map(),
    notes: openDeliveryNotes(engines.log),
    recent: createRecentRecords(engines.log, storiesTopic, { maxBytes: 67_108_864 }),
    gate: createReceiverGate(),
    sender: createSender(),
    schedule: options.schedule ?? fullSchedule,
    stopping: stopping.signal,
  }
  const deliver = createDeliverer(desk)
  const entry = createEntry(desk, { mostUnderWay: options.mostUnderWay ?? 200 })
  const pulse = createPulse()
  const patience = {
    signal: stopping.signal,
    onFault: (fault: TransientFault) => tellFault(context, 'dispatcher', fault),
  }
  let timers: readonly NodeJS.Timeout[] = []
  let turning: Promise<void> = Promise.resolve()
  let consumption: Consumption | null = null
  return {
    name: 'dispatcher-webhooks',
    failed,
    async start() {
      timers = [setInterval(pulse.beat, 5_000).unref()]
      if (subscriptions.length === 0) return
      for (const subscription of subscriptions) refuseBadSecret(subscription)
      consumption = await patiently(consume, patience)
      consumption.ended.catch(fail)
      const turn = (work: () => Promise<void>) => (): void => {
        turning = turning.then(work).catch((error: unknown) => {
          if (error instanceof TransientFault) patience.onFault(error)
          else fail(error)
        })
      }
      timers = [
        ...timers,
        setInterval(turn(tick), options.tickEveryMs ?? 2_000).unref(),
        setInterval(turn(sweep), options.sweepEveryMs ?? 30_000).unref(),
      ]
    },
    async stop(deadlineMs) {
      const deadline = performance.now() + deadlineMs
      const left = (): number => Math.max(0, deadline - performance.now())
      for (const timer of timers) clearInterval(timer)
      stopping.abort()
      // What is in hand may end first, so that its position is committed.
      await Promise.all([...desk.held.values()].map(({ work }) => work.stop(left() / 2)))
      await Promise.all([...desk.held.keys()].map(settle))
      await consumption?.stop(left())
      await desk.sender.close()
    },
    isReady: () => subscriptions.length === 0 || (consumption?.isReady() ?? false),
    isLive: pulse.isLive,
  }

  function consume(): Promise<Consumption> {
    return engines.log.consume({
      group: 'dispatcher',
      topics: [storiesTopic],
      concurrency: 12,
      sessionTimeoutMs: durationMs(context.settings.consumers.sessionTimeout),
      startAt: async ({ partition, committed, low, high }) => {
        // A new installation of webhooks begins with what comes, not with a week of old news.
        const start = committed ?? (await patiently(() => desk.notes.beginOf(partition, high), patience))
        await takeOver(partition, { start: Math.max(start, low), high })
        return start
      },
      handle,
      onRetentionLoss: (loss) =>
        alarms.raise(
          'retention-loss',
          storiesTopic,
          `${loss.to - loss.from} events of ${storiesTopic}/${loss.partition} were no longer kept when the dispatcher came to them.`,
          loss,
        ),
    })
  }

  /** Before the first event is read, everything is known that was noted since it was published. */
  async function takeOver(partition: number, { start, high }: { start: number; high: number }): Promise<void> {
    const [first] =
      start < high
        ? await patiently(() => engines.log.read(storiesTopic, partition, start, { maxRecords: 1 }), patience)
        : []
    await patiently(() => desk.notes.cover(first?.timeMs ?? Date.now()), patience)
    const tenure = await patiently(() => desk.notes.beginTenure(partition), patience)
    const deliveries = createPartitionDeliveries(start)
    const known = desk.held.get(partition)
    if (known !== undefined) {
      // The same member again: what it has in hand goes on.
      Object.assign(known, { tenure, deliveries, batch: null, missing: 0 })
      return
    }
    const concurrency = Math.max(16, 8 * subscriptions.length)
    const work = await patiently(
      () => engines.jobs.work(queueOf(partition), (job) => run(partition, job), { concurrency }),
      patience,
    )
    desk.held.set(partition, { tenure, deliveries, work, batch: null, missing: 0 })
  }

  function run(...job: Parameters<typeof deliver>): ReturnType<typeof deliver> {
    pulse.beat()
    return deliver(...job)
  }

  async function handle(batch: Batch): Promise<void> {
    const held = desk.held.get(batch.partition)
    if (held === undefined) throw new OwnershipLost(`${storiesTopic}/${batch.partition} was let go: it is started anew`)
    held.batch = batch
    pulse.beat()
    // Entered before anything is awaited: what is passed is either under way, parked, or nobody's. Afterwards the partition may have been
    // begun anew, and what is passed here would be passed there too.
    const { deliveries } = held
    const dues = batch.records.flatMap((record) => {
      const entered = entry.enter(held, record)
      deliveries.passed(record.offset + 1)
      return entered
    })
    deliveries.passed(batch.next)
    await enqueue(desk, batch.partition, { dues, goOn: () => batch.stillOwned() })
    await settle(batch.partition)
  }

  /** Commits how far everything is done, reads on for those that were parked, and lets go of partitions that are another member's now. */
  async function tick(): Promise<void> {
    const mine = new Set(consumption?.assigned().map(({ partition }) => partition))
    for (const [partition, held] of [...desk.held]) {
      held.missing = mine.has(partition) ? 0 : held.missing + 1
      if (held.missing === 0) {
        for (const name of held.deliveries.parked()) await entry.readOn(partition, name)
        await settle(partition)
      } else if (held.missing > 2) {
        // Not at once: while a group deals anew its partitions are nobody's.
        desk.held.delete(partition)
        await held.work.stop(5_000)
      }
    }
  }

  /** Deliveries whose job is gone, as when the queue was wiped, get it back; those that another member ended are let go. */
  async function sweep(): Promise<void> {
    await desk.notes.catchUp()
    let oldestMs = Date.now()
    for (const [partition, { deliveries }] of [...desk.held]) {
      for (const due of deliveries.open())
        if (desk.notes.isOver(due.subscription, due.storyKey, due.storySeq))
          deliveries.over(due.subscription, due.storyKey, due.storySeq)
      const dues = deliveries.open()
      oldestMs = Math.min(oldestMs, ...dues.map(({ timeMs }) => timeMs))
      await enqueue(desk, partition, { dues })
    }
    // What is parked asks for notes as old as its events.
    const isParked = [...desk.held.values()].some(({ deliveries }) => deliveries.parked().length > 0)
    if (!isParked) desk.notes.forgetBefore(oldestMs)
  }

  async function settle(partition: number): Promise<void> {
    const held = desk.held.get(partition)
    if (held?.batch === null || held?.batch === undefined) return
    // Tried again at the next tick; until then the older position stands, which repeats and loses nothing.
    await held.batch.commit(held.deliveries.doneBelow()).catch((error: unknown) => {
      if (log.isDebug) log.debug('A position was not committed', { err: error, partition })
    })
  }
}

function refuseBadSecret(subscription: Subscription): void {
  try {
    signatureOf(subscription, { id: 'evt_test' }, { body: '', nowMs: 0 })
  } catch (error) {
    throw new EngineRefusal(
      'jobs',
      `The secret of subscription ${subscription.name} can sign nothing: use whsec_ and base64 (24 to 64 bytes).`,
      { cause: error },
    )
  }
}
