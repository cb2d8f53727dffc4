import { type AppendOutcome, type AppendRecord, EngineRefusal, partitionOf, TransientFault } from '@dateline/ports'
import {
  type Append,
  type AppendLane,
  createLane,
  type Entry,
  putBack,
  type Sending,
  settle,
  takeBatch,
} from './append-lane.ts'
import { NotConnected } from './broker-link.ts'
import type { Cluster } from './cluster.ts'
import {
  asFault,
  CODE,
  codeOf,
  isAuthenticationFailure,
  isAway,
  isIdentityGone,
  isPassing,
  missingTopic,
  passing,
  refusal,
} from './faults.ts'
import type { KafkaLog } from './kafka-options.ts'
import { backoffMs, pause } from './pauses.ts'
import { type ProduceResult, produceRequest } from './produce-request.ts'
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
  // What was never sent cannot have been appended: when no broker answers, it fails early.
  const giveUpUnsentMs = options.requestTimeoutMs / 3
  const requestsTo = new Map<number, number>()
  const idle: (() => void)[] = []
  let identity: Promise<ProducerIdentity> | null = null
  let isFlushPlanned = false
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
      inWork === 0
        ? Promise.resolve()
        : Promise.race([new Promise<void>((resolve) => idle.push(resolve)), pause(limitMs)]),
  }

  function enqueue(records: readonly AppendRecord[]): Promise<readonly AppendOutcome[]> {
    const outcomes = new Array<AppendOutcome>(records.length)
    const { promise, resolve, reject } = Promise.withResolvers<readonly AppendOutcome[]>()
    let left = records.length
    let failure: { readonly error: unknown } | null = null
    inWork += 1
    const append: Append = {
      settled(at, outcome) {
        outcomes[at] = outcome
        done()
      },
      failed(error) {
        failure ??= { error }
        done()
      },
    }
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
    return promise

    /** Waits for all records also when one failed: the caller's repeat must not overtake what is still on its way. */
    function done(): void {
      left -= 1
      if (left > 0) return
      inWork -= 1
      if (inWork === 0) for (const tell of idle.splice(0)) tell()
      if (failure) reject(failure.error)
      else resolve(outcomes)
    }
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

  /** Appends of the same turn of the event loop travel together. */
  function planFlush(): void {
    if (isFlushPlanned) return
    isFlushPlanned = true
    setImmediate(() => {
      isFlushPlanned = false
      void flush()
    })
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
      by = await currentIdentity()
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
    const again: AppendLane[] = []
    for (const lane of taken) {
      const verdict = judge(lane, lane.sending as Sending, results.get(`${lane.topic}/${lane.partition}`), trouble)
      if (verdict === 'again') again.push(lane)
      else lane.isBusy = false
    }
    planFlush()
    if (again.length > 0) await later(again)
  }

  /** What one partition's result means for its batch. */
  function judge(
    lane: AppendLane,
    sending: Sending,
    result: ProduceResult | undefined,
    trouble: unknown,
  ): 'done' | 'again' {
    if (result === undefined) {
      if (trouble !== null && !isAway(trouble)) return fail(lane, sending, trouble)
      // No answer, or an answer without this partition. Only without a connection is it certain that nothing was appended.
      const isUnsent = trouble instanceof NotConnected || trouble instanceof TransientFault
      lane.sending = { ...sending, trouble, isUnknown: sending.isUnknown || !isUnsent }
      return 'again'
    }
    const { code } = result
    if (code === CODE.none) {
      settle(lane, sending, result.baseOffset)
      return 'done'
    }
    if (code === CODE.messageTooLarge || code === CODE.recordListTooLarge) return split(lane, sending)
    if (isIdentityGone(code)) {
      options.log('warn', 'The producer identity is of no use any more: a new one is taken', {
        topic: lane.topic,
        partition: lane.partition,
        code,
      })
      renewIdentity(sending.identity)
      // An earlier try may lie in the log: repeating it under a new identity could append it twice without saying so.
      if (sending.isUnknown) return fail(lane, sending, passing(code, `tell what became of an append to ${lane.topic}`))
      putBack(lane, sending)
      return 'done'
    }
    if (isPassing(code)) {
      lane.sending = { ...sending, trouble: passing(code, `append to ${lane.topic}/${lane.partition}`) }
      return 'again'
    }
    return fail(lane, sending, refusal(code, `append to ${lane.topic}/${lane.partition}`))
  }

  /** Found too large by the broker: the records are parted until the large one is alone. */
  function split(lane: AppendLane, sending: Sending): 'done' {
    const [only] = sending.entries
    if (sending.entries.length === 1 && only !== undefined) {
      lane.sending = null
      limits.relearn(lane.topic).then(
        () => tellTooLarge(only, Math.min(limits.of(lane.topic).maxMessageBytes, only.record.aloneBytes - 1)),
        (error: unknown) => only.of.failed(asFault(error, `look up the topic ${lane.topic}`, cluster.brokers)),
      )
      return 'done'
    }
    putBack(lane, sending)
    lane.maxEntries = Math.ceil(sending.entries.length / 2)
    limits.relearn(lane.topic).catch(() => undefined)
    return 'done'
  }

  function fail(lane: AppendLane, sending: Sending, error: unknown): 'done' {
    // Whether the broker has this sequence is not known: the next batch cannot take it, nor the one after it.
    if (sending.isUnknown) renewIdentity(sending.identity)
    lane.sending = null
    const fault = asFault(error, `append to ${lane.topic}/${lane.partition}`, cluster.brokers)
    // What waits behind it would fare no better, and must not overtake the repeat of what failed.
    const behind = fault instanceof TransientFault ? lane.waiting.splice(0) : []
    for (const entry of [...sending.entries, ...behind]) entry.of.failed(fault)
    return 'done'
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

  /** No identity can be had: what waits fails; nothing of it was sent. */
  function unsendable(ready: readonly AppendLane[], error: unknown): void {
    const fault = asFault(error, 'append', cluster.brokers)
    for (const lane of ready) {
      const failed = lane.sending?.entries ?? lane.waiting.splice(0)
      lane.sending = null
      for (const entry of failed) entry.of.failed(fault)
    }
  }

  async function currentIdentity(): Promise<ProducerIdentity> {
    identity ??= takeIdentity()
    const taking = identity
    try {
      return await taking
    } catch (error) {
      if (identity === taking) identity = null
      throw error
    }
  }

  async function takeIdentity(): Promise<ProducerIdentity> {
    for (let attempt = 1; ; attempt++) {
      try {
        const taken = await cluster.askAny((broker) => broker.initProducerId({ transactionTimeout: 60_000 }))
        return { producerId: BigInt(taken.producerId), epoch: taken.producerEpoch }
      } catch (error) {
        if (isAuthenticationFailure(error) || error instanceof EngineRefusal) throw error
        const code = codeOf(error)
        if (attempt >= 8 || !(error instanceof TransientFault || (code !== null && isPassing(code)))) throw error
        await pause(backoffMs(attempt))
      }
    }
  }

  function renewIdentity(old: ProducerIdentity): void {
    const taking = identity
    taking?.then(
      (current) => {
        if (current === old && identity === taking) identity = null
      },
      () => undefined,
    )
  }
}

const tellTooLarge = ({ record, at, of }: Entry, limitBytes: number): void =>
  of.settled(at, { kind: 'too-large', bytes: record.aloneBytes, limitBytes })

const noPartition = (topic: string, partition: number, partitions: number): EngineRefusal =>
  new EngineRefusal('log', `The topic ${topic} has ${partitions} partitions; there is no partition ${partition}.`)
