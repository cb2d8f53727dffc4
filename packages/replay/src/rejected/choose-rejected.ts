import { messageOf, positionOfId, type RejectedEntry } from './rejected-catalog.ts'

/** Which rejected messages are meant; what is absent does not restrict. */
export interface RejectedFilter {
  readonly feed?: string
  readonly reason?: string
  /** Ids, receipts or positions; a message's means its items too. */
  readonly ids?: readonly string[]
  /** Received at or after, and before, RFC 3339. */
  readonly since?: string
  readonly until?: string
}

export function chooseRejected(entries: readonly RejectedEntry[], filter: RejectedFilter): readonly RejectedEntry[] {
  const { feed, reason, ids, since, until } = filter
  const positions = ids === undefined ? null : new Set(ids.map(positionOfId))
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since)
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until)
  return entries.filter((entry) => {
    if (feed !== undefined && entry.feed !== feed) return false
    if (reason !== undefined && entry.reason !== reason) return false
    if (positions !== null && !positions.has(entry.position) && !positions.has(messageOf(entry.position))) return false
    const atMs = Date.parse(entry.receivedAt)
    return atMs >= sinceMs && atMs < untilMs
  })
}

/** Those of the ids that mean no rejected message, as they were given. */
export function unknownIds(entries: readonly RejectedEntry[], ids: readonly string[] = []): readonly string[] {
  const known = new Set(entries.flatMap(({ position }) => [position, messageOf(position)]))
  return [...new Set(ids)].filter((id) => !known.has(positionOfId(id)))
}

/** Those of one feed and reason, counted. */
export interface RejectedGroup {
  readonly feed: string
  readonly reason: string
  readonly open: number
  readonly resting: number
  readonly retried: number
  readonly dropped: number
  /** Times received, RFC 3339. */
  readonly first: string
  readonly last: string
}

/** By feed, then the most numerous reason first. */
export function groupRejected(entries: readonly RejectedEntry[]): readonly RejectedGroup[] {
  const groups = new Map<string, { -readonly [K in keyof RejectedGroup]: RejectedGroup[K] }>()
  for (const { feed, reason, state, receivedAt } of entries) {
    const key = `${feed} ${reason}`
    const group = groups.get(key) ?? {
      feed,
      reason,
      open: 0,
      resting: 0,
      retried: 0,
      dropped: 0,
      first: receivedAt,
      last: receivedAt,
    }
    groups.set(key, group)
    group[state] += 1
    if (receivedAt < group.first) group.first = receivedAt
    if (receivedAt > group.last) group.last = receivedAt
  }
  const size = (group: RejectedGroup): number => group.open + group.resting + group.retried + group.dropped
  return [...groups.values()].sort((a, b) => (a.feed === b.feed ? size(b) - size(a) : a.feed < b.feed ? -1 : 1))
}
