import { type AppendOutcome, type AppendRecord, EngineRefusal, partitionOf, TransientFault } from '@dateline/ports'
import { type AppendLane, createLane, type Entry, putBack, type Sending, settle, takeBatch } from './append-lane.ts'
import { type AppendVerdict, verdictOn } from './append-verdict.ts'
import type { Cluster } from './cluster.ts'
import { collectOutcomes } from './collect-outcomes.ts'
import { asFault, isAway, missingTopic, passing } from './faults.ts'
import type { KafkaLog } from './kafka-options.ts'
import { backoffMs, pause, within } from './pauses.ts'
import { type ProduceResult, produceRequest } from './produce-request.ts'
import { createIdentities } from './producer-identity.ts'
import { bytesInBatch, type ProducerIdentity, type SizedRecord, sized } from './record-batch.ts'
import { createTopicLimits, type TopicLimit } from './topic-limits.ts'

export interface Producer {
  append(records: readonly AppendRecord[]): Promise<readonly AppendOutcome[]>
  /** What was learnt about the topic is asked anew. */
  forget(topic: string): void
  /** Resolves when nothing is on its way any more, or after the time. */
  drained(limitMs: number): Promise<void>
}

export interface ProducerOptions {
  readonly requestTimeoutMs: number
  readonly log: KafkaLog
}

/** Requests on their way to one broker at once. More would only fill its queue: what waits meanwhile goes together into the next one. */
const MAX_REQUESTS_PER_BROKER = 2
/** Requests begin no faster than one in so long: what is appended meanwhile goes together. One that comes alone goes at once. */
const GATHER_MS = 3
const MAX_REQUEST_BYTES = 4_194_304

/**
 * Appends so that an acknowledged record is there, once. Each partition has its own numbered sequence and one batch on its way; a batch
 * is repeated unchanged until the broker says what became of it; each partition's own result is looked at, and one that is missing
 * from an answer counts as unknown. (kafkajs' producer takes a broker's earlier answer for that of a partition that moved there:
 * acknowledged records were lost whenever leaders moved.)
 */
export function createProducer(cluster: Cluster, options: ProducerOptions): Producer {
  const lanes = new Map<string, AppendLane>()
  const limits = createTopicLimits(cluster)
  const identities = createIdentities(cluster)
  // What was never sent cannot have been appended: when no broker answers, it fails early.
  const giveUpUnsentMs = options.requestTimeoutMs / 3
  const requestsTo = new Map<number, number>()
  const idle: (() => void)[] = []
  let isFlushPlanned = false
  let flushedAtMs = Number.NEGATIVE_INFINITY
  let isFlushing = false
  let isFlushMissed = false
  let inWork = 0

  return {
    async append(records) {
      if (records.length === 0) return []
      try {
        for (const topic of new Set(records.map((record) => record.topic))) await limits.learn(topic)
      } catch (error) {
        throw asFault(error, 'look up the topic of an append', cluster.brokers)
      }
      return enqueue(records)
    },
    forget(topic) {
      limits.forget(topic)
      cluster.forget(topic)
    },
    drained: (limitMs) =>
      inWork === 0 ? Promise.resolve() : within(new Promise<void>((resolve) => idle.push(resolve)), limitMs),
  }

  function enqueue(records: readonly AppendRecord[]): Promise<readonly AppendOutcome[]> {
    inWork += 1
    const { append, outcomes } = collectOutcomes(records.length, () => {
      inWork -= 1
      if (inWork === 0) for (const tell of idle.splice(0)) tell()
    })
    const limitOf = new Map([...new Set(records.map(({ topic }) => topic))].map((topic) => [topic, limits.of(topic)]))
    for (let at = 0; at < records.length; at++) {
      const { topic, key, partition: wanted, ...content } = records[at] as AppendRecord
      const { partitions, maxMessageBytes } = limitOf.get(topic) as TopicLimit
      const partition = wanted ?? partitionOf(key, partitions)
      const entry: Entry = { record: sized({ key, ...content }), at, of: append }
      if (partitions === 0) append.failed(missingTopic(topic))
      else if (partition >= partitions) append.failed(noPartition(topic, partition, partitions))
      else if (entry.record.aloneBytes > maxMessageBytes) askAgain(topic, partition, entry)
      else laneOf(topic, partition).waiting.push(entry)
    }
    planFlush()
    return outcomes
  }

  /** The limit may have been raised since it was asked for. */
  function askAgain(topic: string, partition: number, entry: Entry): void {
    limits.relearn(topic).then(
      () => {
        const { maxMessageBytes } = limits.of(topic)
        if (entry.record.aloneBytes > maxMessageBytes) return tellTooLarge(entry, maxMessageBytes)
        laneOf(topic, partition).waiting.push(entry)
        planFlush()
      },
      (error: unknown) => entry.of.failed(asFault(error, `look up the topic ${topic}`, cluster.brokers)),
    )
  }

  function laneOf(topic: string, partition: number): AppendLane {
    const key = `${topic}/${partition}`
    let lane = lanes.get(key)
    if (lane === undefined) {
      lane = createLane(topic, partition)
      lanes.set(key, lane)
    }
    return lane
  }

  function planFlush(): void {
    if (isFlushPlanned) return
    isFlushPlanned = true
    const early = flushedAtMs + GATHER_MS - performance.now()
    const go = (): void => {
      isFlushPlanned = false
      flushedAtMs = performance.now()
      void flush()
    }
    // At the least, appends of the same turn of the event loop travel together.
    if (early > 0.5) setTimeout(go, early)
    else setImmediate(go)
  }

  async function flush(): Promise<void> {
    if (isFlushing) {
      isFlushMissed = true
      return
    }
    isFlushing = true
    try {
      const ready = [...lanes.values()].filter(
        (lane) => !lane.isBusy && (lane.sending ?? lane.waiting[0]) !== undefined,
      )
      if (ready.length > 0) await dispatch(ready)
    } finally {
      isFlushing = false
      if (isFlushMissed) planFlush()
      isFlushMissed = false
    }
  }

  async function dispatch(ready: readonly AppendLane[]): Promise<void> {
    let by: ProducerIdentity
    try {
      by = await identities.current()
    } catch (error) {
      return unsendable(ready, error)
    }
    for (const [leader, led] of Map.groupBy(ready, leaderOf)) {
      if (leader === -1) {
        for (const lane of led) {
          const sending = takeFrom(lane, by)
          lane.sending = { ...sending, trouble: passing(5, `find the leader of ${lane.topic}/${lane.partition}`) }
        }
        void later(led)
        continue
      }
      if ((requestsTo.get(leader) ?? 0) >= MAX_REQUESTS_PER_BROKER) continue
      const taken: AppendLane[] = []
      let bytes = 0
      for (const lane of led) {
        lane.sending = takeFrom(lane, by)
        bytes += lane.sending.entries.reduce((sum, entry) => sum + bytesInBatch(entry.record), 0)
        if (bytes > MAX_REQUEST_BYTES && taken.length > 0) break
        lane.isBusy = true
        taken.push(lane)
      }
      requestsTo.set(leader, (requestsTo.get(leader) ?? 0) + 1)
      void send(leader, taken)
      if (taken.length < led.length) planFlush()
    }
  }

  function takeFrom(lane: AppendLane, by: ProducerIdentity): Sending {
    return lane.sending ?? takeBatch(lane, { identity: by, limitBytes: limits.of(lane.topic).maxMessageBytes })
  }

  function leaderOf(lane: AppendLane): number {
    return cluster.known(lane.topic)?.leaders[lane.partition] ?? -1
  }

  async function send(leader: number, taken: readonly AppendLane[]): Promise<void> {
    const results = new Map<string, ProduceResult>()
    let trouble: unknown = null
    try {
      const parts = taken.map((lane) => {
        const { entries, identity: by, sequence } = lane.sending as Sending
        const records: readonly SizedRecord[] = entries.map((entry) => entry.record)
        return { topic: lane.topic, partition: lane.partition, records, identity: by, sequence }
      })
      const answer = await cluster.send(leader, produceRequest(parts, options.requestTimeoutMs))
      for (const result of answer) results.set(`${result.topic}/${result.partition}`, result)
    } catch (error) {
      trouble = error
    }
    requestsTo.set(leader, (requestsTo.get(leader) ?? 1) - 1)
    const again = taken.filter((lane) => {
      const where = `${lane.topic}/${lane.partition}`
      return !settleBy(verdictOn(where, results.get(where), trouble), lane, lane.sending as Sending)
    })
    planFlush()
    if (again.length > 0) await later(again)
  }

  /** False: its batch is to be sent again. */
  function settleBy(verdict: AppendVerdict, lane: AppendLane, sending: Sending): boolean {
    lane.isBusy = false
    switch (verdict.kind) {
      case 'appended':
        settle(lane, sending, verdict.baseOffset)
        return true
      case 'again':
        lane.sending = { ...sending, trouble: verdict.why, isUnknown: sending.isUnknown || verdict.isUnknown }
        lane.isBusy = true
        return false
      case 'too-large':
        split(lane, sending)
        return true
      case 'renumber':
        renumber(lane, sending, verdict.code)
        return true
      case 'failed':
        fail(lane, sending, verdict.error)
        return true
    }
  }

  function renumber(lane: AppendLane, sending: Sending, code: number): void {
    const { topic, partition } = lane
    options.log('warn', 'The producer is numbered anew: its broker does not know it any more', {
      topic,
      partition,
      code,
    })
    identities.renew(sending.identity)
    // An earlier try may lie in the log: repeating it under another number could append it twice without saying so.
    if (sending.isUnknown) fail(lane, sending, passing(code, `tell what became of an append to ${topic}/${partition}`))
    else putBack(lane, sending)
  }

  /** Found too large by the broker: the records are parted until the large one is alone. */
  function split(lane: AppendLane, sending: Sending): void {
    const [only] = sending.entries
    if (sending.entries.length === 1 && only !== undefined) {
      lane.sending = null
      limits.relearn(lane.topic).then(
        () => tellTooLarge(only, Math.min(limits.of(lane.topic).maxMessageBytes, only.record.aloneBytes - 1)),
        (error: unknown) => only.of.failed(asFault(error, `look up the topic ${lane.topic}`, cluster.brokers)),
      )
      return
    }
    putBack(lane, sending)
    lane.maxEntries = Math.ceil(sending.entries.length / 2)
    limits.relearn(lane.topic).catch(() => undefined)
  }

  function fail(lane: AppendLane, sending: Sending, error: unknown): void {
    // Whether the broker has this sequence is not known: the next batch cannot take it, nor the one after it.
    if (sending.isUnknown) identities.renew(sending.identity)
    lane.sending = null
    const fault = asFault(error, `append to ${lane.topic}/${lane.partition}`, cluster.brokers)
    // What waits behind it would fare no better, and must not overtake the repeat of what failed.
    const behind = fault instanceof TransientFault ? lane.waiting.splice(0) : []
    for (const entry of [...sending.entries, ...behind]) entry.of.failed(fault)
  }

  /** Another try after a pause, with fresh knowledge of who leads. */
  async function later(some: readonly AppendLane[]): Promise<void> {
    for (const lane of some) lane.isBusy = true
    await pause(backoffMs(Math.max(...some.map((lane) => lane.sending?.attempt ?? 1)), 50, 1_000))
    const refreshed = await cluster.refresh().then(
      () => null,
      (error: unknown) => ({ error }),
    )
    for (const lane of some) {
      lane.isBusy = false
      const { sending } = lane
      if (sending === null) continue
      const triedMs = performance.now() - sending.sinceMs
      const isLate = triedMs > 2 * options.requestTimeoutMs
      const isUnreachable = refreshed !== null && !sending.isUnknown && triedMs > giveUpUnsentMs
      if (refreshed !== null && !isAway(refreshed.error)) fail(lane, sending, refreshed.error)
      else if (isLate || isUnreachable) fail(lane, sending, refreshed?.error ?? sending.trouble)
      else lane.sending = { ...sending, attempt: sending.attempt + 1 }
      if (sending.attempt === 4) tellPatience(lane, sending)
    }
    planFlush()
  }

  function tellPatience(lane: AppendLane, { trouble, entries }: Sending): void {
    const { topic, partition } = lane
    options.log('warn', 'An append is not acknowledged yet: trying on', {
      topic,
      partition,
      records: entries.length,
      reason: trouble instanceof Error ? trouble.message : String(trouble),
    })
  }

  /** No identity can be had: what waits fails. */
  function unsendable(ready: readonly AppendLane[], error: unknown): void {
    const fault = asFault(error, 'append', cluster.brokers)
    for (const lane of ready) {
      const failed = [...(lane.sending?.entries ?? []), ...lane.waiting.splice(0)]
      lane.sending = null
      for (const entry of failed) entry.of.failed(fault)
    }
  }
}

const tellTooLarge = ({ record, at, of }: Entry, limitBytes: number): void =>
  of.settled(at, { kind: 'too-large', bytes: record.aloneBytes, limitBytes })

const noPartition = (topic: string, partition: number, partitions: number): EngineRefusal =>
  new EngineRefusal('log', `The topic ${topic} has ${partitions} partitions; there is no partition ${partition}.`)
