import { EngineRefusal, type EventLog, type TopicInfo, type TopicSpec } from '@dateline/ports'
import topicList from '../../../infra/topics.json' with { type: 'json' }
import { durationMs } from './duration.ts'
import type { Feed } from './feeds.ts'

export const wireTopic = (feed: string): string => `wire.${feed}`
export const flashTopic = (feed: string): string => `wire.${feed}.flash`

/** Partitions of `stories.parsed`, and of every `stories*` topic: what is decided in one leaves in the same number. */
export const storyPartitions = 12
/** Of wire.receipts, in which both writers put the outcomes of an input partition by its number. */
export const receiptPartitions = 4

/** The topics that infra/topics.json means for these feeds. */
export function topicSpecs(feeds: readonly Feed[]): readonly TopicSpec[] {
  return topicList.topics.flatMap((line) => {
    const spec = (name: string, partitions: number): TopicSpec => ({
      name,
      partitions,
      cleanup: line.cleanup as TopicSpec['cleanup'],
      retentionMs: line.retention === null ? null : durationMs(line.retention),
      maxMessageBytes: line.maxMessageBytes,
    })
    if (!line.name.includes('<feed>')) return [spec(line.name, line.partitions as number)]
    return feeds.map((feed) =>
      spec(
        line.name.replace('<feed>', feed.name),
        line.partitions === 'feed' ? feed.partitions : (line.partitions as number),
      ),
    )
  })
}

/** Creates what is missing, changes nothing that is there. */
export async function applyTopics(
  log: EventLog,
  feeds: readonly Feed[],
): Promise<readonly { readonly name: string; readonly created: boolean }[]> {
  const present = new Set((await log.topics()).map((topic) => topic.name))
  const applied: { name: string; created: boolean }[] = []
  for (const spec of topicSpecs(feeds)) {
    const created = present.has(spec.name) ? false : (await log.createTopic(spec)).created
    applied.push({ name: spec.name, created })
  }
  return applied
}

/** Refuses to start where a topic is missing, was made by somebody else, or has another number of partitions than its stories need. */
export async function checkTopics(log: EventLog, feeds: readonly Feed[]): Promise<void> {
  const present = new Map((await log.topics()).map((topic) => [topic.name, topic]))
  for (const spec of topicSpecs(feeds)) {
    const topic = present.get(spec.name)
    if (topic === undefined)
      throw new EngineRefusal('log', `The topic ${spec.name} does not exist: run \`dateline topics apply\`.`)
    const fault = topicFault(spec, topic)
    if (fault !== null) throw new EngineRefusal('log', fault)
  }
}

function topicFault(spec: TopicSpec, topic: TopicInfo): string | null {
  if (topic.logId === null)
    return `The topic ${spec.name} was not made by Dateline and has no log id: run \`dateline topics apply\`.`
  if (spec.name.startsWith('stories') && spec.partitions !== topic.partitions) {
    return `The topic ${spec.name} has ${topic.partitions} partitions and needs ${spec.partitions}: stories would lose their order. Remove the topic and run \`dateline topics apply\`, or restore its partition count.`
  }
  return null
}

/** The log id of a topic, which stands in every position. Throws EngineRefusal where there is none. */
export async function logIdOf(log: Pick<EventLog, 'topics'>, topic: string): Promise<string> {
  const [info] = await log.topics([topic])
  if (info?.logId === undefined || info.logId === null)
    throw new EngineRefusal('log', `The topic ${topic} does not exist or has no log id: run \`dateline topics apply\`.`)
  return info.logId
}
