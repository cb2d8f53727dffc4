import kafkajs from 'kafkajs'
import type Broker from 'kafkajs/src/broker/index.js'
import { assignPartitions, type Member } from './assignment.ts'
import type { Cluster } from './cluster.ts'
import { asFault, CODE, codeOf, isAway, isPassing } from './faults.ts'
import type { KafkaLog } from './kafka-options.ts'
import { byTopic, type TopicPartition } from './offsets.ts'
import { backoffMs, pause } from './pauses.ts'

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol

/** One dealing of the group's partitions, and this member's part of it. */
export interface Generation {
  readonly generationId: number
  readonly memberId: string
  readonly partitions: readonly TopicPartition[]
}

/** This process's membership of a consumer group (Kafka's classic group protocol). */
export interface Membership {
  /** Joins, again and again until it worked. Rejects with EngineRefusal, or once the signal is aborted. */
  join(owned: readonly TopicPartition[]): Promise<Generation>
  /** `away`: the coordinator did not answer, so it is not known. */
  heartbeat(generation: Generation): Promise<'ours' | 'rebalancing' | 'lost' | 'away'>
  commit(
    generation: Generation,
    offsets: readonly CommitOffset[],
  ): Promise<'committed' | 'rebalancing' | 'lost' | 'away'>
  /** Tells the group that this member is gone, so that it need not wait for the session to end. */
  leave(): Promise<void>
}

export interface CommitOffset extends TopicPartition {
  readonly offset: number
}

export interface MembershipOptions {
  readonly group: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly signal: AbortSignal
  readonly log: KafkaLog
}

const PROTOCOL = 'dateline'
const GROUP = 0
/** Brokers refuse shorter sessions unless group.min.session.timeout.ms says otherwise. */
const LEAST_SESSION_MS = 6_000

export function createMembership(cluster: Cluster, options: MembershipOptions): Membership {
  const { group, topics, signal, log } = options
  let sessionTimeoutMs = options.sessionTimeoutMs
  let coordinator: number | null = null
  let memberId = ''
  let isJoining = false

  return {
    async join(owned) {
      isJoining = true
      for (let attempt = 1; ; attempt++) {
        try {
          const generation = await joinOnce(owned)
          isJoining = false
          return generation
        } catch (error) {
          const code = codeOf(error)
          if (signal.aborted) throw error
          if (code === CODE.unknownMember) memberId = ''
          else if (code === CODE.invalidSessionTimeout && sessionTimeoutMs < LEAST_SESSION_MS) {
            sessionTimeoutMs = LEAST_SESSION_MS
          } else if (isAway(error) || (code !== null && isPassing(code))) {
            if (attempt === 3)
              log('warn', 'The group cannot be joined yet: trying on', { group, code, error: String(error) })
            await pause(backoffMs(attempt, 50, 1_000), signal)
            await cluster.refresh().catch(() => undefined)
          } else if (code !== CODE.rebalanceInProgress && code !== CODE.illegalGeneration) {
            throw asFault(error, `join the group ${group}`, cluster.brokers)
          }
        }
      }
    },
    async heartbeat(generation) {
      const answer = await asked((broker) =>
        broker.heartbeat({ groupId: group, groupGenerationId: generation.generationId, memberId: generation.memberId }),
      )
      return answer === 'done' ? 'ours' : answer
    },
    async commit(generation, offsets) {
      const answer = await asked((broker) =>
        broker.offsetCommit({
          groupId: group,
          groupGenerationId: generation.generationId,
          memberId: generation.memberId,
          topics: commitTopics(offsets),
        }),
      )
      return answer === 'done' ? 'committed' : answer
    },
    async leave() {
      const leaving = memberId
      memberId = ''
      // A join waits at the broker for the other members, and everything behind it on its connection.
      if (isJoining && coordinator !== null) cluster.cut(coordinator)
      if (leaving !== '')
        await asked((broker) => broker.leaveGroup({ groupId: group, memberId: leaving })).catch(() => undefined)
    },
  }

  async function joinOnce(owned: readonly TopicPartition[]): Promise<Generation> {
    const joined = await withCoordinator((broker) =>
      broker.joinGroup({
        groupId: group,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: Math.max(sessionTimeoutMs, options.rebalanceTimeoutMs),
        memberId,
        groupProtocols: [{ name: PROTOCOL, metadata: wish(topics, owned) }],
      }),
    )
    memberId = joined.memberId
    const groupAssignment = joined.leaderId === memberId ? await deal(joined.members) : []
    const { memberAssignment } = await withCoordinator((broker) =>
      broker.syncGroup({
        groupId: group,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupAssignment,
      }),
    )
    const mine = MemberAssignment.decode(memberAssignment)?.assignment ?? {}
    const partitions = Object.entries(mine).flatMap(([topic, some]) => some.map((partition) => ({ topic, partition })))
    return { generationId: joined.generationId, memberId: joined.memberId, partitions }
  }

  /** This member leads the group: it deals for all. */
  async function deal(members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]) {
    const wishes = members.map((member) => ({ memberId: member.memberId, ...readWish(member.memberMetadata) }))
    const layouts = await cluster.topics([...new Set(wishes.flatMap((one) => one.topics))])
    const counts = new Map([...layouts].map(([topic, { leaders }]) => [topic, leaders.length]))
    return [...assignPartitions(wishes, counts)].map(([member, partitions]) => ({
      memberId: member,
      memberAssignment: MemberAssignment.encode({
        version: 0,
        assignment: Object.fromEntries(
          byTopic(partitions, (partition) => partition).map((one) => [one.topic, one.partitions]),
        ),
        userData: Buffer.alloc(0),
      }),
    }))
  }

  async function asked(
    request: (broker: Broker) => Promise<unknown>,
  ): Promise<'done' | 'rebalancing' | 'lost' | 'away'> {
    try {
      await withCoordinator(request)
      return 'done'
    } catch (error) {
      const code = codeOf(error)
      if (code === CODE.rebalanceInProgress) return 'rebalancing'
      if (code === CODE.unknownMember) memberId = ''
      if (code === CODE.unknownMember || code === CODE.illegalGeneration) return 'lost'
      if (isAway(error) || (code !== null && isPassing(code))) return 'away'
      throw asFault(error, `work with the group ${group}`, cluster.brokers)
    }
  }

  async function withCoordinator<T>(request: (broker: Broker) => Promise<T>): Promise<T> {
    try {
      coordinator ??= (
        await cluster.askAny((broker) => broker.findGroupCoordinator({ groupId: group, coordinatorType: GROUP }))
      ).coordinator.nodeId
      return await cluster.ask(coordinator, request)
    } catch (error) {
      const code = codeOf(error)
      if (isAway(error) || code === CODE.notCoordinator || code === CODE.coordinatorNotAvailable) coordinator = null
      throw error
    }
  }
}

const commitTopics = (offsets: readonly CommitOffset[]) =>
  [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, some]) => ({
    topic,
    partitions: some.map(({ partition, offset }) => ({ partition, offset })),
  }))

const wish = (topics: readonly string[], owned: readonly TopicPartition[]): Buffer =>
  MemberMetadata.encode({
    version: 0,
    topics: [...topics],
    userData: Buffer.from(JSON.stringify(owned.map(({ topic, partition }) => [topic, partition]))),
  })

function readWish(metadata: Buffer): Omit<Member, 'memberId'> {
  const read = MemberMetadata.decode(metadata)
  return { topics: read?.topics ?? [], owned: readOwned(read?.userData) }
}

function readOwned(userData: Buffer | undefined): readonly TopicPartition[] {
  const parsed: unknown = userData?.length ? JSON.parse(userData.toString()) : []
  if (!Array.isArray(parsed)) return []
  return parsed.flatMap((one: unknown) =>
    Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'number'
      ? [{ topic: one[0], partition: one[1] }]
      : [],
  )
}
