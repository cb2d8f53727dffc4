import { OwnershipLost, TransientFault } from '@dateline/ports'
import type { CommitOffset } from './membership.ts'
import { nameOf, type TopicPartition } from './offsets.ts'
import { backoffMs, pause } from './pauses.ts'

export interface CommitsOptions {
  readonly send: (offsets: readonly CommitOffset[]) => Promise<'committed' | 'rebalancing' | 'lost' | 'away'>
  /** Of the generation that these commits belong to: none is ever sent for a later one. */
  readonly isValid: () => boolean
  /** How long an unanswered commit is tried again. */
  readonly patienceMs: number
}

interface Waiting {
  readonly offset: number
  readonly settle: PromiseWithResolvers<void>[]
}

/**
 * Commits of one generation. While one is on its way the others wait and go together in the next, of each partition the highest: under
 * load one request serves many batches.
 */
export function createCommits(options: CommitsOptions): (partition: TopicPartition, offset: number) => Promise<void> {
  let waiting = new Map<string, Waiting & TopicPartition>()
  let isSending = false

  return (partition, offset) => {
    const settle = Promise.withResolvers<void>()
    const before = waiting.get(nameOf(partition))
    waiting.set(nameOf(partition), {
      topic: partition.topic,
      partition: partition.partition,
      offset: Math.max(offset, before?.offset ?? 0),
      settle: [...(before?.settle ?? []), settle],
    })
    if (!isSending) void sendAll()
    return settle.promise
  }

  async function sendAll(): Promise<void> {
    isSending = true
    while (waiting.size > 0) {
      const taken = [...waiting.values()]
      waiting = new Map()
      const failure = await sendPatiently(taken)
      for (const { settle } of taken.flatMap((one) => one.settle.map((settle) => ({ settle })))) {
        if (failure === null) settle.resolve()
        else settle.reject(failure)
      }
    }
    isSending = false
  }

  async function sendPatiently(taken: readonly CommitOffset[]): Promise<unknown> {
    const giveUpAtMs = performance.now() + options.patienceMs
    for (let attempt = 1; options.isValid(); attempt++) {
      try {
        const answer = await options.send(taken)
        if (answer === 'committed') return null
        if (answer !== 'away') break
      } catch (error) {
        return error
      }
      if (performance.now() > giveUpAtMs) {
        return new TransientFault(
          'log',
          'The position could not be committed: the coordinator of the group does not answer.',
        )
      }
      await pause(backoffMs(attempt))
    }
    const names = taken.map(nameOf).join(', ')
    return new OwnershipLost(
      `The group has dealt ${names} anew: what was done since the last commit is done again by its owner.`,
    )
  }
}
