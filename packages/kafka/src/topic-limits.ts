import type { Cluster } from './cluster.ts'
import { CODE, codeOf } from './faults.ts'
import { findTopic } from './find-topic.ts'
import { DEFAULT_MAX_MESSAGE_BYTES, topicSettings } from './topic-settings.ts'

export interface TopicLimit {
  readonly partitions: number
  readonly maxMessageBytes: number
}

/** What an append must know of a topic, asked once. */
export interface TopicLimits {
  /** Throws EngineRefusal when the topic does not exist. */
  learn(topic: string): Promise<void>
  /** Asks again, unless that was done less than a minute ago. */
  relearn(topic: string): Promise<void>
  /** Of a topic that was learnt. */
  of(topic: string): TopicLimit
  forget(topic: string): void
}

const RELEARN_AFTER_MS = 60_000

export function createTopicLimits(cluster: Cluster): TopicLimits {
  const known = new Map<string, { readonly maxMessageBytes: number; readonly askedAtMs: number }>()
  const asking = new Map<string, Promise<void>>()
  return {
    async learn(topic) {
      if (!known.has(topic) || cluster.known(topic) === null) await once(topic)
      // Asks anew in the background once the layout is old.
      else await cluster.layout(topic)
    },
    async relearn(topic) {
      const last = known.get(topic)
      if (last === undefined || performance.now() - last.askedAtMs > RELEARN_AFTER_MS) await once(topic)
    },
    of: (topic) => ({
      partitions: cluster.known(topic)?.leaders.length ?? 0,
      maxMessageBytes: known.get(topic)?.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
    }),
    forget: (topic) => {
      known.delete(topic)
    },
  }

  function once(topic: string): Promise<void> {
    let asked = asking.get(topic)
    if (asked === undefined) {
      asked = ask(topic).finally(() => asking.delete(topic))
      asking.set(topic, asked)
    }
    return asked
  }

  async function ask(topic: string): Promise<void> {
    await findTopic(cluster, topic)
    known.set(topic, { maxMessageBytes: await maxMessageBytesOf(topic), askedAtMs: performance.now() })
  }

  async function maxMessageBytesOf(topic: string): Promise<number> {
    try {
      return (await topicSettings(cluster, [topic])).get(topic)?.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES
    } catch (error) {
      // Writing does not need the right to read settings: then the broker says what is too large.
      if (codeOf(error) === CODE.topicAuthorizationFailed) return Number.MAX_SAFE_INTEGER
      throw error
    }
  }
}
