import type { GroupContext } from '../store/group-context.ts'

export interface Lease {
  readonly topic: string
  readonly topicId: number
  readonly partition: number
}

/** What a connection tells of its members, and asks. */
export interface BalanceInput {
  readonly nowMs: number
  readonly owner: string
  /** Connections whose process is gone: their members are put out at once. */
  readonly gone: readonly string[]
  readonly leaving: readonly string[]
  readonly members: readonly MemberInput[]
}

export interface MemberInput {
  readonly member: string
  readonly group: string
  readonly topics: readonly string[]
  readonly sessionMs: number
  readonly isJoining: boolean
  /** False while a batch takes longer than the session allows: then others may put this member out. */
  readonly isAlive: boolean
  /** Leases given back, after the batch in work ended. */
  readonly releasing: readonly Lease[]
}

export interface MemberAnswer {
  readonly member: string
  /** Put out by others, or a topic is gone that it held. */
  readonly isLost: boolean
  readonly leases: readonly Lease[]
  /** Of those, the ones to give back as soon as no batch is in work. */
  readonly toRelease: readonly Lease[]
  /** Other connections with members in this group. */
  readonly neighbours: readonly string[]
}

/**
 * Joins, keeps alive and balances. One lease per partition and group, in the same file as the positions: however many members believe
 * that a partition is theirs, one of them can commit. A partition is given back by its member before another one gets it.
 */
export function balance(group: GroupContext, input: BalanceInput): MemberAnswer[] {
  const { sql } = group
  for (const member of input.leaving) putOut(group, member)
  for (const one of input.members) {
    if (one.isJoining) {
      sql(`INSERT INTO members (member, grp, owner, topics, session_ms, seen_ms) VALUES (?, ?, ?, ?, ?, ?)`).run(
        one.member,
        one.group,
        input.owner,
        JSON.stringify(one.topics),
        one.sessionMs,
        input.nowMs,
      )
      group.membershipChanged()
    } else if (one.isAlive) {
      // A write only when it matters: an idle system leaves its disk alone.
      sql('UPDATE members SET seen_ms = ? WHERE member = ? AND seen_ms < ?').run(
        input.nowMs,
        one.member,
        input.nowMs - one.sessionMs / 4,
      )
    }
    for (const lease of one.releasing) {
      const { changes } = sql('DELETE FROM leases WHERE grp = ? AND topic_id = ? AND partition = ? AND member = ?').run(
        one.group,
        lease.topicId,
        lease.partition,
        one.member,
      )
      if (changes > 0) group.membershipChanged()
    }
  }
  const groups = new Map<string, Share[]>()
  return input.members.map((one) => {
    const shares = groups.get(one.group) ?? settle(group, one.group, input)
    groups.set(one.group, shares)
    const share = shares.find(({ member }) => member === one.member)
    const neighbours = [...new Set(shares.map(({ owner }) => owner).filter((owner) => owner !== input.owner))]
    if (!share) return { member: one.member, isLost: true, leases: [], toRelease: [], neighbours }
    return {
      member: one.member,
      isLost: false,
      leases: share.held,
      toRelease: share.held.filter((lease) => !isIn(share.due, lease)),
      neighbours,
    }
  })
}

interface Share {
  readonly member: string
  readonly owner: string
  readonly topics: readonly string[]
  readonly due: Lease[]
  readonly held: Lease[]
}

/** Puts the dead out of a group, shares its partitions evenly among the others and leases what is free. */
function settle(group: GroupContext, name: string, input: BalanceInput): Share[] {
  const { sql } = group
  const shares: Share[] = []
  for (const row of sql(
    'SELECT member, owner, topics, session_ms, seen_ms FROM members WHERE grp = ? ORDER BY joined',
  ).all(name)) {
    const owner = String(row.owner)
    if (input.gone.includes(owner) || Number(row.seen_ms) + Number(row.session_ms) < input.nowMs) {
      putOut(group, String(row.member))
      continue
    }
    shares.push({ member: String(row.member), owner, topics: JSON.parse(String(row.topics)), due: [], held: [] })
  }
  const leased = new Map<string, string>()
  for (const row of sql('SELECT topic_id, partition, member FROM leases WHERE grp = ?').all(name)) {
    leased.set(`${row.topic_id}/${row.partition}`, String(row.member))
  }
  for (const lease of partitionsOf(group, shares)) {
    const eager = shares.filter((share) => share.topics.includes(lease.topic))
    const due = eager.reduce((least, share) => (share.due.length < least.due.length ? share : least))
    due.due.push(lease)
    const holder = leased.get(`${lease.topicId}/${lease.partition}`)
    if (holder === undefined) {
      sql('INSERT INTO leases (grp, topic_id, partition, member) VALUES (?, ?, ?, ?)').run(
        name,
        lease.topicId,
        lease.partition,
        due.member,
      )
      due.held.push(lease)
      group.membershipChanged()
      continue
    }
    shares.find((share) => share.member === holder)?.held.push(lease)
  }
  return shares
}

function partitionsOf(group: GroupContext, shares: readonly Share[]): Lease[] {
  const names = [...new Set(shares.flatMap((share) => share.topics))].toSorted()
  return names.flatMap((name) => {
    const topic = group.topic(name)
    if (topic === null) return []
    return Array.from({ length: topic.partitions }, (_, partition) => ({ topic: name, topicId: topic.id, partition }))
  })
}

function putOut(group: GroupContext, member: string): void {
  group.sql('DELETE FROM leases WHERE member = ?').run(member)
  const { changes } = group.sql('DELETE FROM members WHERE member = ?').run(member)
  if (changes > 0) group.membershipChanged()
}

const isIn = (leases: readonly Lease[], lease: Lease): boolean =>
  leases.some((one) => one.topicId === lease.topicId && one.partition === lease.partition)
