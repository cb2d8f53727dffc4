import type Broker from 'kafkajs/src/broker/index.js'
import type { KafkajsRequest } from 'kafkajs/src/network/connectionPool.js'
import { type BrokerLink, brokerLinks, type HostPort } from './broker-link.ts'
import {
  authenticationRefusal,
  away,
  CODE,
  isAuthenticationFailure,
  isConnectionTrouble,
  missingTopic,
  refusal,
} from './faults.ts'
import type { KafkaOptions } from './kafka-options.ts'
import { type Metadata, metadataRequest } from './metadata-request.ts'
import { pause } from './pauses.ts'

export interface TopicLayout {
  /** Node id of each partition's leader; -1 while it has none. */
  readonly leaders: readonly number[]
}

/** Connections to one Kafka cluster: who leads what, and requests to the right broker. */
export interface Cluster {
  readonly brokers: readonly string[]
  /** The topic as last seen, asked for when unknown. Throws EngineRefusal when it does not exist. */
  layout(topic: string): Promise<TopicLayout>
  /** As last seen, without asking; null when unknown. */
  known(topic: string): TopicLayout | null
  /** Asks the cluster anew about all topics in use. */
  refresh(): Promise<void>
  /** All topics but Kafka's own, or those named that exist. */
  topics(names?: readonly string[]): Promise<ReadonlyMap<string, TopicLayout>>
  /** The topic as each living broker sees it; null where one does not know it. */
  everywhere(topic: string): Promise<readonly (TopicLayout | null)[]>
  brokerCount(): Promise<number>
  forget(topic: string): void
  /** Errors are kafkajs' own. A broken connection is replaced at the next request. */
  send<T>(nodeId: number, request: KafkajsRequest<T>): Promise<T>
  ask<T>(nodeId: number, request: (broker: Broker) => Promise<T>): Promise<T>
  /** Breaks the connections to a broker: what waits there for an answer fails, what comes next connects anew. */
  cut(nodeId: number): void
  /** A request that any broker can answer. */
  askAny<T>(request: (broker: Broker) => Promise<T>): Promise<T>
  /** A request that changes the cluster. */
  askController<T>(request: (broker: Broker) => Promise<T>): Promise<T>
  close(): void
}

const MAX_AGE_MS = 60_000

export function openCluster(options: KafkaOptions): Cluster {
  const openLink = brokerLinks(options)
  const links = new Map<number, BrokerLink>()
  const addresses = new Map<number, HostPort>()
  const layouts = new Map<string, TopicLayout>()
  const inUse = new Set<string>()
  let controller = -1
  let seed: BrokerLink | null = null
  let nextSeed = 0
  let refreshing: Promise<void> | null = null
  let refreshedAtMs = Number.NEGATIVE_INFINITY
  let isClosed = false

  const cluster: Cluster = {
    brokers: options.brokers,
    async layout(topic) {
      inUse.add(topic)
      if (!layouts.has(topic)) await cluster.refresh()
      // A refresh that was under way already did not ask for it.
      if (!layouts.has(topic)) await cluster.refresh()
      if (performance.now() - refreshedAtMs > MAX_AGE_MS) cluster.refresh().catch(() => undefined)
      const layout = layouts.get(topic)
      if (layout !== undefined) return layout
      inUse.delete(topic)
      throw missingTopic(topic)
    },
    known: (topic) => layouts.get(topic) ?? null,
    refresh() {
      refreshing ??= refreshAll().finally(() => {
        refreshing = null
      })
      return refreshing
    },
    async topics(names) {
      if (names?.length === 0) return new Map()
      return layoutsIn(await anywhere((link) => link.send(metadataRequest(names ?? []))))
    },
    async everywhere(topic) {
      await cluster.refresh()
      const seen = [...addresses.keys()].map(async (nodeId) => {
        const view = await cluster.send(nodeId, metadataRequest([topic])).catch(() => null)
        return view === null ? [] : [layoutsIn(view).get(topic) ?? null]
      })
      return (await Promise.all(seen)).flat()
    },
    async brokerCount() {
      if (addresses.size === 0) await cluster.refresh()
      return addresses.size
    },
    forget(topic) {
      layouts.delete(topic)
      inUse.delete(topic)
    },
    send: (nodeId, request) => over(nodeId, (link) => link.send(request)),
    ask: (nodeId, request) => over(nodeId, (link) => link.ask(request)),
    cut(nodeId) {
      links.get(nodeId)?.cut()
      links.delete(nodeId)
    },
    askAny: (request) => anywhere((link) => link.ask(request)),
    async askController(request) {
      if (!addresses.has(controller)) await cluster.refresh()
      return addresses.has(controller) ? cluster.ask(controller, request) : cluster.askAny(request)
    },
    close() {
      isClosed = true
      for (const link of [...links.values(), ...(seed ? [seed] : [])]) link.cut()
      links.clear()
      seed = null
    },
  }
  return cluster

  async function over<T>(nodeId: number, use: (link: BrokerLink) => Promise<T>): Promise<T> {
    let link = links.get(nodeId)
    if (link === undefined) {
      if (!addresses.has(nodeId)) await cluster.refresh()
      const at = addresses.get(nodeId)
      if (at === undefined || isClosed) throw away(options.brokers, new Error(`broker ${nodeId} is not known`))
      link = links.get(nodeId) ?? openLink(at)
      links.set(nodeId, link)
    }
    return guarded(link, use, () => {
      if (links.get(nodeId) === link) links.delete(nodeId)
    })
  }

  /** A link that failed is never used again: kafkajs would read the rest of a broken answer into the next one. */
  async function guarded<T>(link: BrokerLink, use: (link: BrokerLink) => Promise<T>, drop: () => void): Promise<T> {
    try {
      return await use(link)
    } catch (error) {
      if (isConnectionTrouble(error) || isAuthenticationFailure(error)) {
        drop()
        link.cut()
        refreshedAtMs = Number.NEGATIVE_INFINITY
      }
      throw error
    }
  }

  /** Tries the brokers known, then those of the options, until one answers. */
  async function anywhere<T>(use: (link: BrokerLink) => Promise<T>): Promise<T> {
    let last: unknown = new Error('the log is closed')
    const attempts = [
      ...shuffled([...links.keys()]).map((nodeId) => () => over(nodeId, use)),
      ...shuffled([...addresses.keys()].filter((nodeId) => !links.has(nodeId))).map(
        (nodeId) => () => over(nodeId, use),
      ),
      ...options.brokers.map(() => () => overSeed(use)),
    ]
    let refusals = 0
    for (const attempt of attempts) {
      if (isClosed) break
      try {
        return await attempt()
      } catch (error) {
        if (isAuthenticationFailure(error)) {
          // kafkajs calls a connection lost while authenticating a failure too: only a repeated one is believed.
          refusals += 1
          if (refusals >= 3) throw authenticationRefusal(error, options.brokers)
          attempts.push(attempt)
          await pause(200 * refusals)
        } else if (!isConnectionTrouble(error)) throw error
        last = error
      }
    }
    throw away(options.brokers, last)
  }

  async function overSeed<T>(use: (link: BrokerLink) => Promise<T>): Promise<T> {
    if (seed === null) {
      const text = options.brokers[nextSeed++ % options.brokers.length] ?? ''
      const colon = text.lastIndexOf(':')
      seed = openLink({ host: text.slice(0, colon), port: Number(text.slice(colon + 1)) })
    }
    const link = seed
    return guarded(link, use, () => {
      if (seed === link) seed = null
    })
  }

  async function refreshAll(): Promise<void> {
    const asked = inUse.size === 0 ? ['dateline.meta'] : [...inUse]
    const seen = await anywhere((link) => link.send(metadataRequest(asked)))
    refreshedAtMs = performance.now()
    controller = seen.controllerId
    addresses.clear()
    for (const { nodeId, host, port } of seen.brokers) {
      addresses.set(nodeId, { host, port })
      const link = links.get(nodeId)
      if (link === undefined || (link.host === host && link.port === port)) continue
      links.delete(nodeId)
      link.cut()
    }
    for (const nodeId of links.keys()) {
      if (addresses.has(nodeId)) continue
      links.get(nodeId)?.cut()
      links.delete(nodeId)
    }
    seed?.cut()
    seed = null
    const found = layoutsIn(seen)
    for (const topic of asked) {
      const layout = found.get(topic)
      if (layout === undefined) layouts.delete(topic)
      else layouts.set(topic, layout)
    }
    const denied = seen.topicMetadata.find(({ topicErrorCode }) => topicErrorCode === CODE.topicAuthorizationFailed)
    if (denied === undefined) return
    // Asked for again it would spoil every look at the others.
    inUse.delete(denied.topic)
    throw refusal(denied.topicErrorCode, `let us use the topic ${denied.topic}`)
  }
}

function layoutsIn(metadata: Metadata): ReadonlyMap<string, TopicLayout> {
  const layouts = new Map<string, TopicLayout>()
  for (const { topic, topicErrorCode, isInternal, partitionMetadata } of metadata.topicMetadata) {
    if (isInternal || partitionMetadata.length === 0 || topicErrorCode === CODE.unknownTopicOrPartition) continue
    const leaders = new Array<number>(partitionMetadata.length).fill(-1)
    for (const { partitionId, partitionErrorCode, leader } of partitionMetadata) {
      // Code 9: some replica is away; the leader still leads.
      leaders[partitionId] = partitionErrorCode === CODE.none || partitionErrorCode === 9 ? leader : -1
    }
    layouts.set(topic, { leaders })
  }
  return layouts
}

const shuffled = (ids: number[]): number[] => ids.sort(() => Math.random() - 0.5)
