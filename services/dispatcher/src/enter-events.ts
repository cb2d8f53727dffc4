import type { LogRecord } from '@dateline/ports'
import { type Desk, enqueue, type HeldPartition, storiesTopic } from './desk.ts'
import type { Due } from './partition-deliveries.ts'
import { isRecall, type PublishedEvent, publishedEvent, type Subscription, wants } from './subscription.ts'

/** How events come under way. */
export interface Entry {
  /**
   * Enters the deliveries of an event and answers with those that are new. Nothing is awaited: what is passed is under way, parked, or
   * nobody's. A subscription with too much under way is parked: its events are read again later, so that it holds back nobody else.
   * Recalls go at once.
   */
  enter(held: HeldPartition, record: LogRecord): readonly Due[]
  /** Reads on for a parked subscription, as far as it has room. */
  readOn(partition: number, subscription: string): Promise<void>
}

export function createEntry(desk: Desk, options: { readonly mostUnderWay: number }): Entry {
  const { mostUnderWay } = options
  const subscriptions = [...desk.subscriptions.values()]
  return {
    enter: (held, record) => enter(held, record, { to: subscriptions, isLive: true }),
    readOn,
  }

  function enter(
    held: HeldPartition,
    record: LogRecord,
    { to, isLive }: { readonly to: readonly Subscription[]; readonly isLive: boolean },
  ): readonly Due[] {
    const event = publishedEvent(record)
    if (event === null) return []
    const { deliveries } = held
    return to.flatMap((subscription) => {
      const { name } = subscription
      if (!isDue(subscription, event)) return []
      if (!isRecall(event)) {
        if (isLive && deliveries.parkedAt(name) !== undefined) return []
        if (deliveries.openOf(name) >= mostUnderWay) {
          deliveries.park(name, record.offset)
          return []
        }
      }
      const { id: eventId, storyKey, storySeq } = event
      const due: Due = { offset: record.offset, timeMs: record.timeMs, eventId, storyKey, storySeq, subscription: name }
      if (!deliveries.due(due)) return []
      desk.recent.keep(record)
      return [due]
    })
  }

  /** What is noted as over was delivered, or given up, before a crash. */
  function isDue(subscription: Subscription, event: PublishedEvent): boolean {
    return (
      !desk.disabled.has(subscription.name) &&
      wants(subscription, event) &&
      !desk.notes.isOver(subscription.name, event.storyKey, event.storySeq)
    )
  }

  async function readOn(partition: number, name: string): Promise<void> {
    const held = desk.held.get(partition)
    const subscription = desk.subscriptions.get(name)
    if (held === undefined || subscription === undefined) return
    const { deliveries } = held
    while (deliveries.openOf(name) <= mostUnderWay / 2) {
      const from = deliveries.parkedAt(name) ?? deliveries.next
      const records = await desk.context.engines.log.read(storiesTopic, partition, from, {
        maxRecords: mostUnderWay,
        maxBytes: 2_097_152,
      })
      if (held.deliveries !== deliveries) return
      const dues: Due[] = []
      for (const record of records) {
        // What follows is the live reading's: it passed nothing of it yet.
        if (record.offset >= deliveries.next) break
        deliveries.park(name, record.offset)
        if (deliveries.openOf(name) >= mostUnderWay) break
        dues.push(...enter(held, record, { to: [subscription], isLive: false }))
        deliveries.park(name, record.offset + 1)
      }
      const isCaughtUp = records.length === 0 || (deliveries.parkedAt(name) ?? 0) >= deliveries.next
      if (isCaughtUp) deliveries.unpark(name)
      await enqueue(desk, partition, { dues })
      if (isCaughtUp) return
    }
  }
}
