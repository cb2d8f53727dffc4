import { randomBytes } from 'node:crypto'
import { TransientFault } from '@dateline/ports'
import type { Store } from '../store/store.ts'
import type { Place } from './read-records.ts'
import type { SeatGroup } from './seat.ts'

/** What a member holds now, and how it commits. Each life of a member has a new name: what an earlier one holds is not the new one's. */
export interface Membership {
  readonly held: readonly Place[]
  /** Of those, the ones that others are waiting for. */
  readonly toRelease: readonly Place[]
  readonly group: SeatGroup
}

export interface GroupMember {
  /** Tells the group how this member does, and learns what it holds; null while it is out of the group. */
  settle(news: {
    readonly isAlive: boolean
    readonly mayJoin: boolean
    readonly released: readonly Place[]
  }): Promise<Membership | null>
  leave(): Promise<void>
}

export function groupMember(
  store: Store,
  options: { readonly group: string; readonly topics: readonly string[]; readonly sessionTimeoutMs: number },
): GroupMember {
  const { group: name, topics } = options
  let member: string | null = null

  return {
    async settle({ isAlive, mayJoin, released }) {
      if (member === null && !mayJoin) return null
      const isJoining = member === null
      const id = member ?? randomBytes(9).toString('hex')
      const answer = await store.run('balance', {
        nowMs: Date.now(),
        member: id,
        group: name,
        topics,
        sessionMs: options.sessionTimeoutMs,
        owner: store.owner().id,
        gone: store.gone(neighbours(store, name)),
        isJoining,
        isAlive,
        releasing: released,
      })
      if (answer === 'lost') {
        member = null
        return null
      }
      member = id
      return { held: answer.leases, toRelease: answer.toRelease, group: seatGroup(store, name, id) }
    },
    async leave() {
      if (member === null) return
      const leaving = member
      member = null
      try {
        await store.run('leaveGroup', { member: leaving })
      } catch (error) {
        // The others put out whoever stays silent.
        if (!(error instanceof TransientFault)) throw error
      }
    },
  }
}

/** Other connections with members in the group; those of a process that was killed are put out before they cost anybody time. */
const neighbours = (store: Store, group: string): string[] =>
  store
    .read('log', (sql) => sql('SELECT DISTINCT owner FROM members WHERE grp = ?').all(group))
    .map((row) => String(row.owner))
    .filter((owner) => owner !== store.ownerId())

function seatGroup(store: Store, name: string, member: string): SeatGroup {
  return {
    name,
    commit: ({ topicId, partition }, next) =>
      store.run('commitPosition', { group: name, topicId, partition, next, member }),
    isHeld: ({ topicId, partition }) =>
      store.read('log', (sql) => {
        const lease = sql('SELECT member FROM leases WHERE grp = ? AND topic_id = ? AND partition = ?')
        return lease.get(name, topicId, partition)?.member === member
      }),
  }
}
