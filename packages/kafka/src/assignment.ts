import { nameOf, type TopicPartition } from './offsets.ts'

export interface Member {
  readonly memberId: string
  readonly topics: readonly string[]
  /** What it held until now. */
  readonly owned: readonly TopicPartition[]
}

/**
 * Deals the partitions to the members that read their topics: evenly to within one, each staying where it was as far as that allows,
 * because whoever gets a partition anew takes over its state first.
 */
export function assignPartitions(
  members: readonly Member[],
  partitionsOf: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const sorted = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const partitions = [...new Set(sorted.flatMap((member) => member.topics))]
    .toSorted()
    .flatMap((topic) => Array.from({ length: partitionsOf.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })))
  const dealt = new Map<string, TopicPartition[]>(sorted.map((member) => [member.memberId, []]))
  const share = Math.floor(partitions.length / Math.max(1, sorted.length))
  let withOneMore = partitions.length - share * sorted.length
  const ownerOf = new Map<string, string>()
  for (const { memberId, owned } of sorted.toReversed()) for (const one of owned) ownerOf.set(nameOf(one), memberId)

  const homeless: TopicPartition[] = []
  for (const one of partitions) {
    const owner = sorted.find((member) => member.memberId === ownerOf.get(nameOf(one)))
    const held = owner?.topics.includes(one.topic) ? dealt.get(owner.memberId) : undefined
    const isOneMore = held?.length === share && withOneMore > 0
    if (held === undefined || (held.length >= share && !isOneMore)) homeless.push(one)
    else {
      held.push(one)
      if (isOneMore) withOneMore -= 1
    }
  }
  for (const one of homeless) {
    const least = sorted
      .filter((member) => member.topics.includes(one.topic))
      .map((member) => dealt.get(member.memberId) ?? [])
      .reduce((left, right) => (right.length < left.length ? right : left))
    least.push(one)
  }
  return dealt
}
