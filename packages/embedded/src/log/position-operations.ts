import type { GroupContext } from '../store/group-context.ts'

/** Commits for the member that holds the lease; `lost` when another one does, or nobody. */
export function commitPosition(
  group: GroupContext,
  input: {
    readonly group: string
    readonly topicId: number
    readonly partition: number
    readonly next: number
    readonly member: string
  },
): 'committed' | 'lost' {
  const lease = group
    .sql('SELECT member FROM leases WHERE grp = ? AND topic_id = ? AND partition = ?')
    .get(input.group, input.topicId, input.partition)
  if (lease?.member !== input.member) return 'lost'
  writePosition(group, input)
  return 'committed'
}

/** False when a member of another connection holds the lease. */
export function mayCommit(
  group: GroupContext,
  input: {
    readonly group: string
    readonly topicId: number
    readonly partition: number
    readonly owner: string | null
  },
): boolean {
  const holder = group
    .sql(
      `SELECT m.owner FROM leases l JOIN members m ON m.member = l.member
       WHERE l.grp = ? AND l.topic_id = ? AND l.partition = ?`,
    )
    .get(input.group, input.topicId, input.partition)
  return holder === undefined || holder.owner === input.owner
}

export function writePosition(
  group: GroupContext,
  input: { readonly group: string; readonly topicId: number; readonly partition: number; readonly next: number },
): void {
  group
    .sql(
      `INSERT INTO positions (grp, topic_id, partition, next) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET next = excluded.next`,
    )
    .run(input.group, input.topicId, input.partition, input.next)
}
