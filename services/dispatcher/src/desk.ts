import { hash } from 'node:crypto'
import type { Batch, JobWork } from '@dateline/ports'
import { patiently, type ServiceContext, tellFault } from '@dateline/runtime'
import type { Schedule } from './attempts.ts'
import type { DeliveryNotes, Tenure } from './notes.ts'
import type { Due, PartitionDeliveries } from './partition-deliveries.ts'
import type { ReceiverGate } from './receiver-gate.ts'
import type { RecentRecords } from './recent-records.ts'
import type { Subscription } from './subscription.ts'
import type { Sender } from './webhook.ts'

/** What this member does for one partition of `stories`. */
export interface HeldPartition {
  readonly work: JobWork
  /** Changes whenever the partition is begun anew, by whichever member: its jobs are another's no longer. */
  tenure: Tenure
  deliveries: PartitionDeliveries
  /** The last one handed out: through it positions are committed. */
  batch: Batch | null
  /** Looks in a row at which the partition was not this member's. */
  missing: number
}

/** What the parts of the webhooks share. */
export interface Desk {
  readonly context: ServiceContext
  readonly subscriptions: ReadonlyMap<string, Subscription>
  /** Those whose receiver said that it is gone. */
  readonly disabled: Set<string>
  readonly held: Map<number, HeldPartition>
  readonly notes: DeliveryNotes
  readonly recent: RecentRecords
  readonly gate: ReceiverGate
  readonly sender: Sender
  readonly schedule: Schedule
  /** Aborts when the service stops. */
  readonly stopping: AbortSignal
}

/** A job only points to the event; what it delivers is read from the log. */
export interface DeliveryJob {
  readonly tenure: Tenure
  readonly subscription: string
  readonly offset: number
  readonly eventId: string
  readonly storyKey: string
  readonly storySeq: number
}

export const storiesTopic = 'stories'

export const queueOf = (partition: number): string => `webhooks-${partition}`

/** The same for the same event and subscription for ever. */
export const deliveryIdOf = ({ eventId, subscription }: Pick<Due, 'eventId' | 'subscription'>): string =>
  `d${hash('sha256', `${eventId}\n${subscription}`)}`

/** Nothing is queued twice in one tenure; the next one does not wait for what a dead member had in hand. */
export const jobIdOf = (due: Pick<Due, 'eventId' | 'subscription'>, { logId, number }: Tenure): string =>
  `${deliveryIdOf(due)}-${hash('sha256', logId).slice(0, 8)}-${number}`

/** Puts deliveries in the queue, as long as that takes; those that are in it already stay as they are. */
export async function enqueue(
  desk: Desk,
  partition: number,
  options: { readonly dues: readonly Due[]; readonly goOn?: () => Promise<boolean> },
): Promise<void> {
  const tenure = desk.held.get(partition)?.tenure
  if (tenure === undefined) return
  const { pausesMs } = desk.schedule
  const retry = { attempts: pausesMs.length + 1, pausesMs }
  for (let at = 0; at < options.dues.length; at += 100)
    await Promise.all(
      options.dues.slice(at, at + 100).map((due) => {
        const { subscription, offset, eventId, storyKey, storySeq } = due
        const data = JSON.stringify({ tenure, subscription, offset, eventId, storyKey, storySeq } satisfies DeliveryJob)
        const job = { id: jobIdOf(due, tenure), data, retry }
        return patiently(() => desk.context.engines.jobs.add(queueOf(partition), job), {
          signal: desk.stopping,
          onFault: (fault) => tellFault(desk.context, 'dispatcher', fault),
          ...(options.goOn === undefined ? {} : { goOn: options.goOn }),
        })
      }),
    )
}
