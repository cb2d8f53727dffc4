import { existsSync } from 'node:fs'
import type { Engine, Engines } from '@dateline/ports'
import { type Settings, silentLogger } from '@dateline/runtime'
import { explain } from './explain.ts'
import { engineOpening } from './open-engines.ts'

export interface ReachedEngine {
  readonly engine: Engine
  readonly answers: boolean
  /** What it says of itself, or why it does not answer. */
  readonly say: string
}

type Probes = { readonly [E in Engine]: (engine: Engines[E]) => Promise<string> }

/** One question each, which changes nothing. */
const probes: Probes = {
  log: async (log) => `${(await log.topics()).length} topics`,
  archive: async (archive) => {
    for await (const _object of archive.list('raw/')) return 'holds messages'
    return 'holds no messages yet'
  },
  state: async (state) => {
    await state.load(0, [])
    return 'answers'
  },
  jobs: async (jobs) => {
    await jobs.counts('releases')
    return 'answers'
  },
}

/** Asks every engine by itself, so that one that is away does not hide another. Embedded ones whose directory is not made yet are left out. */
export async function reachEngines(settings: Settings, dataDir: string): Promise<readonly ReachedEngine[]> {
  const opening = engineOpening(settings, { dataDir, log: silentLogger, isReadOnly: true })
  const reached: ReachedEngine[] = []
  try {
    for (const engine of Object.keys(probes) as Engine[]) {
      if (settings.engines[engine] === undefined && !existsSync(dataDir)) continue
      reached.push(await reach(engine, probes[engine], opening))
    }
    return reached
  } finally {
    await opening.close().catch(() => {})
  }
}

async function reach<E extends Engine>(
  engine: E,
  probe: Probes[E],
  opening: { readonly [Name in E]: () => Promise<Engines[Name]> },
): Promise<ReachedEngine> {
  try {
    return { engine, answers: true, say: await probe(await opening[engine]()) }
  } catch (error) {
    return { engine, answers: false, say: explain(error).message }
  }
}
