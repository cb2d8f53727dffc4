import { OwnershipLost } from '@dateline/ports'
import type { CommitOffset } from './membership.ts'
import { nameOf, type TopicPartition } from './offsets.ts'
import { backoffMs, pause } from './pauses.ts'

export interface CommitsOptions {
  readonly send: (offsets: readonly CommitOffset[]) => Promise<'committed' | 'rebalancing' | 'lost' | 'away'>
  /** Of the generation that these commits belong to: none is ever sent for a later one. */
  readonly isValid: () => boolean
  readonly onRefused: (error: unknown) => void
}

export interface Commits {
  /**
   * Notes the position; it goes to the group within some milliseconds. Resolves at once as long as the coordinator keeps up, else when
   * this position has arrived: a crash repeats little either way. Throws OwnershipLost when the generation is over.
   */
  note(partition: TopicPartition, offset: number): Promise<void>
  /** Everything noted has arrived, or the generation is over. */
  flushed(): Promise<void>
}

/** Under load one commit serves all batches of this time: at 500 records/s a commit per batch was a third of all requests. */
const GATHER_MS = 10
/** A commit that takes longer holds up the work, so that not too much of it stays uncommitted. */
const KEEPS_UP_WITHIN_MS = 250

/** Commits of one generation: of each partition the highest position noted, all in one request, one request at a time. */
export function createCommits(options: CommitsOptions): Commits {
  let noted = new Map<string, CommitOffset>()
  let sending: Promise<void> | null = null
  let waitingSinceMs: number | null = null

  return {
    async note(partition, offset) {
      const { topic, partition: number } = partition
      const before = noted.get(nameOf(partition))?.offset ?? 0
      noted.set(nameOf(partition), { topic, partition: number, offset: Math.max(offset, before) })
      waitingSinceMs ??= performance.now()
      sending ??= sendAll()
      if (performance.now() - waitingSinceMs <= KEEPS_UP_WITHIN_MS) return
      await sending
      if (!options.isValid()) throw lost([partition])
    },
    async flushed() {
      await sending
    },
  }

  async function sendAll(): Promise<void> {
    while (noted.size > 0 && options.isValid()) {
      const taken = [...noted.values()]
      noted = new Map()
      await sendOne(taken)
      waitingSinceMs = noted.size > 0 ? performance.now() : null
      await pause(GATHER_MS)
    }
    sending = null
  }

  async function sendOne(taken: readonly CommitOffset[]): Promise<void> {
    for (let attempt = 1; options.isValid(); attempt++) {
      try {
        if ((await options.send(taken)) !== 'away') return
      } catch (error) {
        options.onRefused(error)
        return
      }
      await pause(backoffMs(attempt, 50, 1_000))
    }
  }
}

export const lost = (partitions: readonly TopicPartition[]): OwnershipLost =>
  new OwnershipLost(
    `${partitions.map(nameOf).join(', ')} was dealt anew by its group: what was done since the last commit is done again by its owner.`,
  )
