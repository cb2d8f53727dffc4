import { TransientFault } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { codeOf, isPassing } from './faults.ts'
import { backoffMs, pause } from './pauses.ts'
import type { ProducerIdentity } from './record-batch.ts'

/** The producer id under which batches are numbered. */
export interface Identities {
  /** The one in use, asked of the cluster when there is none. */
  current(): Promise<ProducerIdentity>
  /** That one is of no use any more: the next batches are numbered anew under another. */
  renew(old: ProducerIdentity): void
}

const ATTEMPTS = 8

export function createIdentities(cluster: Cluster): Identities {
  let taking: Promise<ProducerIdentity> | null = null
  let taken: ProducerIdentity | null = null

  return {
    async current() {
      if (taken !== null) return taken
      taking ??= take(cluster).finally(() => {
        taking = null
      })
      taken = await taking
      return taken
    },
    renew(old) {
      if (taken === old) taken = null
    },
  }
}

async function take(cluster: Cluster): Promise<ProducerIdentity> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await cluster.askAny((broker) => broker.initProducerId({ transactionTimeout: 60_000 }))
      return { producerId: BigInt(answer.producerId), epoch: answer.producerEpoch }
    } catch (error) {
      const code = codeOf(error)
      const mayPass = error instanceof TransientFault || (code !== null && isPassing(code))
      if (attempt >= ATTEMPTS || !mayPass) throw error
      await pause(backoffMs(attempt))
    }
  }
}
