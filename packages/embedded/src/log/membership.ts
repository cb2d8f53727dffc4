import type { GroupContext } from '../store/group-context.ts'

export interface Lease {
  readonly topic: string
  readonly topicId: number
  readonly partition: number
}

/** What a member tells its group, and asks. */
export interface MemberNews {
  readonly nowMs: number
  readonly member: string
  readonly group: string
  readonly topics: readonly string[]
  readonly sessionMs: number
  /** Its connection, and others of which the process is gone: their members are put out at once. */
  readonly owner: string
  readonly gone: readonly string[]
  readonly isJoining: boolean
  /** False while a batch takes longer than the session allows: then others may put this member out. */
  readonly isAlive: boolean
  /** Leases given back, after the batch in work ended. */
  readonly releasing: readonly Lease[]
}

/** What a member has; `lost` when it was put out of the group. */
export type MemberAnswer =
  | 'lost'
  | {
      readonly leases: readonly Lease[]
      /** Of those, the ones to give back as soon as no batch is in work. */
      readonly toRelease: readonly Lease[]
    }

/**
 * Joins, keeps alive and balances. One lease per partition and group, in the same file as the positions: however many members believe
 * that a partition is theirs, one of them can commit. A partition is given back by its member before another one gets it.
 */
export function balance(group: GroupContext, news: MemberNews): MemberAnswer {
  const { sql } = group
  const { member, nowMs, sessionMs } = news
  if (news.isJoining) {
    sql(`INSERT INTO members (member, grp, owner, topics, session_ms, seen_ms) VALUES (?, ?, ?, ?, ?, ?)`).run(
      member,
      news.group,
      news.owner,
      JSON.stringify(news.topics),
      sessionMs,
      nowMs,
    )
    group.membershipChanged()
  } else if (news.isAlive) {
    // A write only when it matters: an idle system leaves its disk alone.
    const renew = sql('UPDATE members SET seen_ms = ? WHERE member = ? AND seen_ms < ?')
    renew.run(nowMs, member, nowMs - sessionMs / 2)
  }
  const giveBack = sql('DELETE FROM leases WHERE grp = ? AND topic_id = ? AND partition = ? AND member = ?')
  for (const { topicId, partition } of news.releasing) {
    if (giveBack.run(news.group, topicId, partition, member).changes > 0) group.membershipChanged()
  }
  const share = settle(group, news).find((one) => one.member === member)
  if (!share) return 'lost'
  return { leases: share.held, toRelease: share.held.filter((lease) => !isIn(share.due, lease)) }
}

export function leaveGroup(group: GroupContext, { member }: { readonly member: string }): void {
  group.sql('DELETE FROM leases WHERE member = ?').run(member)
  const { changes } = group.sql('DELETE FROM members WHERE member = ?').run(member)
  if (changes > 0) group.membershipChanged()
}

interface Share {
  readonly member: string
  readonly topics: readonly string[]
  readonly due: Lease[]
  readonly held: Lease[]
}

/** Puts the dead out of a group, shares its partitions evenly among the others and leases what is free. */
function settle(group: GroupContext, { group: name, gone, nowMs }: MemberNews): Share[] {
  const { sql } = group
  const shares: Share[] = []
  for (const row of sql(
    'SELECT member, owner, topics, session_ms, seen_ms FROM members WHERE grp = ? ORDER BY joined',
  ).all(name)) {
    const member = String(row.member)
    if (gone.includes(String(row.owner)) || Number(row.seen_ms) + Number(row.session_ms) < nowMs) {
      leaveGroup(group, { member })
      continue
    }
    shares.push({ member, topics: JSON.parse(String(row.topics)), due: [], held: [] })
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

const isIn = (leases: readonly Lease[], lease: Lease): boolean =>
  leases.some((one) => one.topicId === lease.topicId && one.partition === lease.partition)
