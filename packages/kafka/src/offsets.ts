import type { PartitionOffsets } from '@dateline/ports'
import type Broker from 'kafkajs/src/broker/index.js'
import type { Cluster } from './cluster.ts'
import { codeOf, isAway, isPassing, passing } from './faults.ts'
import { backoffMs, pause } from './pauses.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Bounds {
  readonly low: number
  readonly high: number
}

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

const EARLIEST = -2
const LATEST = -1
const READ_UNCOMMITTED = 0
const GROUP = 0

/** One entry per partition of the topic; `committed` is null without a group. */
export async function partitionOffsets(
  cluster: Cluster,
  topic: string,
  group: string | null,
): Promise<readonly PartitionOffsets[]> {
  const { leaders } = await cluster.layout(topic)
  const partitions = leaders.map((_, partition) => ({ topic, partition }))
  const [bounds, committed] = await Promise.all([
    boundsOf(cluster, partitions),
    group === null ? new Map<string, number>() : committedOf(cluster, group, partitions),
  ])
  return partitions.map((one) => {
    const { low, high } = bounds.get(nameOf(one)) ?? { low: 0, high: 0 }
    return { partition: one.partition, low, high, committed: committed.get(nameOf(one)) ?? null }
  })
}

/** Low and high of each partition, asked of its leader; asked again while a leader moves. */
export async function boundsOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, Bounds>> {
  const bounds = new Map<string, Bounds>()
  await patiently(cluster, async () => {
    for (const { topic } of partitions) await cluster.layout(topic)
    const led = Map.groupBy(partitions, ({ topic, partition }) => cluster.known(topic)?.leaders[partition] ?? -1)
    if (led.has(-1)) throw passing(5, `find the leader of ${led.get(-1)?.map(nameOf).join(', ')}`)
    await Promise.all(
      [...led].map(async ([leader, some]) => {
        const [low, high] = await Promise.all([listOffsets(leader, some, EARLIEST), listOffsets(leader, some, LATEST)])
        for (const one of some) {
          bounds.set(nameOf(one), { low: low.get(nameOf(one)) ?? 0, high: high.get(nameOf(one)) ?? 0 })
        }
      }),
    )
  })
  return bounds

  async function listOffsets(
    leader: number,
    some: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, number>> {
    const { responses } = await cluster.ask(leader, (broker) =>
      broker.listOffsets({
        isolationLevel: READ_UNCOMMITTED,
        topics: byTopic(some, (partition) => ({ partition, timestamp })),
      }),
    )
    return numbersOf(responses)
  }
}

/** What the group has committed; a partition without a commit is absent. */
export async function committedOf(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> {
  let committed: ReadonlyMap<string, number> = new Map()
  await patiently(cluster, async () => {
    const { coordinator } = await cluster.askAny((broker) =>
      broker.findGroupCoordinator({ groupId: group, coordinatorType: GROUP }),
    )
    const { responses } = await cluster.ask(coordinator.nodeId, (broker) => fetchCommitted(broker, group, partitions))
    committed = numbersOf(responses)
  })
  return committed
}

const fetchCommitted = (broker: Broker, groupId: string, partitions: readonly TopicPartition[]) =>
  broker.offsetFetch({ groupId, topics: byTopic(partitions, (partition) => ({ partition })) })

/** Asks again while a leader or coordinator moves or loads; gives up after some seconds. */
export async function patiently(cluster: Cluster, ask: () => Promise<void>, attempts = 8): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ask()
      return
    } catch (error) {
      const code = codeOf(error)
      if (attempt >= attempts || !(isAway(error) || (code !== null && isPassing(code)))) throw error
      await pause(backoffMs(attempt))
      await cluster.refresh()
    }
  }
}

export function byTopic<T>(
  partitions: readonly TopicPartition[],
  entry: (partition: number) => T,
): { topic: string; partitions: T[] }[] {
  return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, some]) => ({
    topic,
    partitions: some.map(({ partition }) => entry(partition)),
  }))
}

/** Offsets as kafkajs answers them; negative ones mean that there is none. */
function numbersOf(
  responses: readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[],
): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const { topic, partitions } of responses) {
    for (const { partition, offset } of partitions) {
      if (Number(offset) >= 0) numbers.set(nameOf({ topic, partition }), Number(offset))
    }
  }
  return numbers
}
