import { randomBytes } from 'node:crypto'
import { TransientFault } from '@dateline/ports'
import { goneOwners } from '../store/owner-lock.ts'
import type { Store } from '../store/store.ts'
import type { Lease } from './membership.ts'
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
  let neighbours: readonly string[] = []

  return {
    async settle({ isAlive, mayJoin, released }) {
      if (member === null && !mayJoin) return null
      const isJoining = member === null
      const id = member ?? randomBytes(9).toString('hex')
      const [answer] = await store.run('balance', {
        nowMs: Date.now(),
        owner: store.owner().id,
        gone: goneOwners(store.dir, neighbours),
        leaving: [],
        members: [
          {
            member: id,
            group: name,
            topics,
            sessionMs: options.sessionTimeoutMs,
            isJoining,
            isAlive,
            releasing: released.map(leaseOf),
          },
        ],
      })
      if (answer === undefined || answer.isLost) {
        member = null
        return null
      }
      member = id
      neighbours = answer.neighbours
      return { held: answer.leases, toRelease: answer.toRelease, group: seatGroup(store, name, id) }
    },
    async leave() {
      if (member === null) return
      const leaving = [member]
      member = null
      try {
        await store.run('balance', { nowMs: Date.now(), owner: store.owner().id, gone: [], leaving, members: [] })
      } catch (error) {
        // The others put out whoever stays silent.
        if (!(error instanceof TransientFault)) throw error
      }
    },
  }
}

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

const leaseOf = ({ topic, topicId, partition }: Place): Lease => ({ topic, topicId, partition })
