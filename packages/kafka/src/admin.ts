import type { TopicInfo, TopicSpec } from '@dateline/ports'
import { EngineRefusal, TransientFault } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { CODE, codeOf } from './faults.ts'
import { createLogIds, META_TOPIC } from './log-ids.ts'
import { patiently } from './offsets.ts'
import { pause } from './pauses.ts'
import type { Producer } from './producer.ts'
import { settingEntries, topicSettings } from './topic-settings.ts'

export interface Admin {
  topics(names?: readonly string[]): Promise<readonly TopicInfo[]>
  createTopic(spec: TopicSpec): Promise<{ readonly created: boolean; readonly info: TopicInfo }>
  deleteTopic(name: string): Promise<void>
}

const META_SPEC: TopicSpec = {
  name: META_TOPIC,
  partitions: 1,
  cleanup: 'compact',
  retentionMs: null,
  maxMessageBytes: 1_000_000,
}
const TOPIC_TIMEOUT_MS = 15_000
/** A topic seen without an id may be another process's, made just now: it has this long to write the id. */
const ID_PATIENCE_MS = 2_000

export function createAdmin(
  cluster: Cluster,
  producer: Producer,
  options: { readonly replicationFactor: number | null },
): Admin {
  const logIds = createLogIds(cluster, producer)

  const admin: Admin = {
    async topics(names) {
      const layouts = await cluster.topics(names)
      const [settings, ids] = await Promise.all([settingsOf([...layouts.keys()]), logIds.read()])
      return [...layouts].flatMap(([name, { leaders }]) => {
        const found = settings.get(name)
        return found === undefined ? [] : [{ name, partitions: leaders.length, logId: ids.get(name) ?? null, ...found }]
      })
    },
    async createTopic(spec) {
      if (spec.name !== META_TOPIC) await make(META_SPEC)
      const created = await make(spec)
      if (created) {
        producer.forget(spec.name)
        await logIds.mint(spec.name)
      } else if (!(await hasId(spec.name, ID_PATIENCE_MS))) await logIds.adopt(spec.name)
      return { created, info: await infoOf(spec.name) }
    },
    async deleteTopic(name) {
      await patiently(cluster, async () => {
        try {
          await cluster.askController((broker) => broker.deleteTopics({ topics: [name], timeout: TOPIC_TIMEOUT_MS }))
        } catch (error) {
          if (codeOf(error) !== CODE.unknownTopicOrPartition) throw error
        }
      })
      producer.forget(name)
      await until(`the topic ${name} is gone`, async () =>
        (await cluster.everywhere(name)).every((view) => view === null),
      )
      if (name !== META_TOPIC && (await cluster.topics([META_TOPIC])).has(META_TOPIC)) await logIds.bury(name)
    },
  }
  return admin

  /** True when this call made it. */
  async function make(spec: TopicSpec): Promise<boolean> {
    if ((await cluster.topics([spec.name])).has(spec.name)) return false
    const replicationFactor = options.replicationFactor ?? Math.min(3, await cluster.brokerCount())
    let created = true
    await patiently(cluster, async () => {
      try {
        await cluster.askController((broker) =>
          broker.createTopics({
            topics: [
              {
                topic: spec.name,
                numPartitions: spec.partitions,
                replicationFactor,
                configEntries: settingEntries(spec, replicationFactor),
              },
            ],
            timeout: TOPIC_TIMEOUT_MS,
          }),
        )
      } catch (error) {
        if (codeOf(error) !== CODE.topicAlreadyExists) throw error
        created = false
      }
    })
    await until(`every broker knows the topic ${spec.name} and its leaders`, async () =>
      (await cluster.everywhere(spec.name)).every((view) => view !== null && !view.leaders.includes(-1)),
    )
    return created
  }

  async function hasId(topic: string, patienceMs: number): Promise<boolean> {
    for (const giveUpAtMs = performance.now() + patienceMs; ; await pause(100)) {
      if ((await logIds.read()).has(topic)) return true
      if (performance.now() > giveUpAtMs) return false
    }
  }

  async function infoOf(name: string): Promise<TopicInfo> {
    const [info] = await admin.topics([name])
    if (info === undefined) throw new EngineRefusal('log', `The topic ${name} was deleted while it was made.`)
    return info
  }

  /** Settings of all topics; one that is deleted meanwhile must not hide the others. */
  async function settingsOf(names: readonly string[]): Promise<Awaited<ReturnType<typeof topicSettings>>> {
    try {
      return await topicSettings(cluster, names)
    } catch (error) {
      if (codeOf(error) !== CODE.unknownTopicOrPartition || names.length < 2) {
        if (codeOf(error) === CODE.unknownTopicOrPartition) return new Map()
        throw error
      }
      return new Map((await Promise.all(names.map((name) => settingsOf([name])))).flatMap((one) => [...one]))
    }
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const giveUpAtMs = performance.now() + TOPIC_TIMEOUT_MS; ; await pause(50)) {
    if (await holds()) return
    if (performance.now() > giveUpAtMs) throw new TransientFault('log', `Kafka did not come so far that ${what}.`)
  }
}
