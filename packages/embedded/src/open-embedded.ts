import { join } from 'node:path'
import { type Effects, EngineRefusal, type Engines, OwnershipLost } from '@dateline/ports'
import { openDirectoryArchive } from './archive/directory-archive.ts'
import { jobQueueOn } from './jobs/job-queue.ts'
import { eventLogOn, refusalOf, transferOf } from './log/event-log.ts'
import { packRecords } from './log/pack-records.ts'
import { stateStoreOn } from './state/state-store.ts'
import { openStore, type Store } from './store/store.ts'
import { startSweeping } from './sweeping.ts'

export interface EmbeddedOptions {
  /** The data directory; made when it is not there. Holds `dateline.db` and `archive/`. */
  readonly dir: string
  /** Milliseconds since 1970: the log's clock, and that of retention and jobs. For tests in which time passes. */
  readonly nowMs?: () => number
  /** How often old records, expired state and ended jobs are deleted; a minute unless said. */
  readonly sweepEveryMs?: number
  /** The file never grows beyond this; then it is as if the disk were full. No limit unless said. */
  readonly maxSizeBytes?: number
}

/** All four engines in one data directory. Any number of processes may open it; members of a group share its partitions as in Kafka. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Engines> {
  const { dir, nowMs, maxSizeBytes, sweepEveryMs = 60_000 } = options
  const store = await openStore({ dir, nowMs, maxSizeBytes })
  try {
    const archive = await openDirectoryArchive({ dir: join(dir, 'archive') })
    const log = eventLogOn(store)
    const state = stateStoreOn(store)
    const jobs = jobQueueOn(store)
    const sweeping = startSweeping(store, { everyMs: sweepEveryMs })
    return {
      log,
      archive,
      state,
      jobs,
      applyAtOnce: (effects) => applyAtOnce(store, effects),
      async close() {
        await sweeping.stop()
        await Promise.all([log.close(), jobs.close(), state.close(), archive.close()])
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function applyAtOnce(
  store: Store,
  { appends, changelog, state, position }: Effects,
): Promise<'applied' | 'refused'> {
  const packed = { appends: packRecords(appends), changelog: packRecords(changelog) }
  const transfer = [...transferOf(packed.appends), ...transferOf(packed.changelog)]
  const input = { ...packed, nowMs: store.nowMs(), owner: store.ownerId(), state, position }
  const answer = await store.run('applyEffects', input, transfer)
  switch (answer.kind) {
    case 'applied':
    case 'refused':
      return answer.kind
    case 'lost':
      throw new OwnershipLost(`${position.topic}/${position.partition} is another member's now`)
    case 'too-large':
      throw new EngineRefusal(
        'log',
        `A record of ${answer.bytes} bytes for ${answer.topic}, which takes ${answer.limitBytes}: raise its limit, or look at sizes before applying`,
      )
    default:
      throw refusalOf(answer)
  }
}
