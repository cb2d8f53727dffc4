import type { Courtesy } from './courtesy.ts'

export interface BrakeReading {
  /** Of the time, how much the replay may work. 0: not now. */
  readonly share: number
  /** Why it stands still, in words; null while it moves, or only rests for a moment. */
  readonly held: string | null
}

export interface BrakeLimits {
  /** Records of lag on any story partition. */
  readonly lagLimit: number
  /** Age of the oldest live record that waits for a worker. */
  readonly latencyLimitMs: number
}

/** What live looks like now; null: an engine does not say. */
export type Measure = () => Promise<{ readonly lag: number; readonly latencyMs: number } | null>

export interface Brake {
  /** Looks anew at most every `everyMs`. */
  read(): Promise<BrakeReading>
}

const standsStillMs = 200
const longestRestMs = 2_000

/** Milliseconds to rest after a piece of work, so that it takes that share of the time. */
export const restAfter = (workedMs: number, share: number): number =>
  share === 0 ? standsStillMs : Math.min(longestRestMs, workedMs * (1 / share - 1))

/**
 * As much of the time as courtesy gives, up to half of a limit; from there on less in proportion, and a standstill at the limit. Unknown
 * counts as over it. The worst of the last seconds counts: a look sees only what waits at that moment, which is less than what waits in
 * the worst.
 */
export function createBrake(
  measure: Measure,
  courtesy: Courtesy,
  {
    lagLimit,
    latencyLimitMs,
    everyMs = 1_000,
    rememberMs = 2_000,
    clock = () => performance.now(),
  }: BrakeLimits & { readonly everyMs?: number; readonly rememberMs?: number; readonly clock?: () => number },
): Brake {
  let seen: { readonly atMs: number; readonly lag: number; readonly latencyMs: number }[] = []
  let limit: BrakeReading = { share: 0, held: null }
  let readAtMs = Number.NEGATIVE_INFINITY
  return {
    async read() {
      if (clock() - readAtMs >= everyMs) {
        const live = await measure()
        readAtMs = clock()
        limit = judge(live === null ? null : worst(live))
        if (limit.held !== null) courtesy.beginAnew()
      }
      return limit.held === null ? { share: Math.min(limit.share, await courtesy.share()), held: null } : limit
    },
  }

  function worst(live: NonNullable<Awaited<ReturnType<Measure>>>): NonNullable<Awaited<ReturnType<Measure>>> {
    seen = [...seen.filter(({ atMs }) => readAtMs - atMs < rememberMs), { atMs: readAtMs, ...live }]
    return {
      lag: Math.max(...seen.map(({ lag }) => lag)),
      latencyMs: Math.max(...seen.map(({ latencyMs }) => latencyMs)),
    }
  }

  function judge(live: Awaited<ReturnType<Measure>>): BrakeReading {
    if (live === null) return { share: 0, held: 'it cannot be told how far live is: an engine does not answer' }
    const load = Math.max(live.lag / lagLimit, live.latencyMs / latencyLimitMs)
    if (load < 1) return { share: Math.min(1, 2 * (1 - load)), held: null }
    const held =
      live.lag >= lagLimit
        ? `the publisher lags by ${live.lag} records (limit ${lagLimit})`
        : `live waits for ${Math.round(live.latencyMs)} ms (limit ${latencyLimitMs} ms)`
    return { share: 0, held }
  }
}
