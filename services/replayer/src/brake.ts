import { type EventLog, type LogRecord, TransientFault } from '@dateline/ports'
import { type Feeds, flashTopic, wireTopic } from '@dateline/runtime'
import { decodeParsedRecord } from '@dateline/story'

export interface BrakeReading {
  /** 1: full speed. 0: stand still. */
  readonly factor: number
  /** Why it stands still, in words; null while it moves. */
  readonly held: string | null
}

export interface BrakeLimits {
  /** Records of lag on any story partition. */
  readonly lagLimit: number
  /** Age of the oldest live record that waits for a worker. */
  readonly latencyLimitMs: number
}

const slowest = 0.1
const gain = 1.3

/** What live looks like now; null: an engine does not say. */
export type Measure = () => Promise<{ readonly lag: number; readonly latencyMs: number } | null>

export interface Brake {
  /** Looks anew at most every `everyMs`. */
  read(): Promise<BrakeReading>
}

/**
 * Full speed up to half of a limit, then slower in proportion, and a standstill at the limit. Unknown counts as over it. The worst of the
 * last seconds counts: a look sees only what waits at that moment, which is less than what waits in the worst. Speed is gained little by
 * little, since live feels it later than it is gained.
 */
export function createBrake(
  measure: Measure,
  { lagLimit, latencyLimitMs }: BrakeLimits,
  options: { readonly everyMs?: number; readonly rememberMs?: number; readonly clock?: () => number } = {},
): Brake {
  const { everyMs = 250, rememberMs = 2_000, clock = () => performance.now() } = options
  let seen: { readonly atMs: number; readonly lag: number; readonly latencyMs: number }[] = []
  let last: BrakeReading = { factor: 0, held: null }
  let readAtMs = Number.NEGATIVE_INFINITY
  return {
    async read() {
      if (clock() - readAtMs < everyMs) return last
      const live = await measure()
      readAtMs = clock()
      const wanted = judge(live === null ? null : worst(live))
      last = { ...wanted, factor: Math.min(wanted.factor, Math.max(slowest, last.factor * gain)) }
      return last
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
    if (live === null) return { factor: 0, held: 'it cannot be told how far live is: an engine does not answer' }
    const load = Math.max(live.lag / lagLimit, live.latencyMs / latencyLimitMs)
    if (load <= 0.5) return { factor: 1, held: null }
    if (load < 1) return { factor: 2 * (1 - load), held: null }
    const held =
      live.lag >= lagLimit
        ? `the publisher lags by ${live.lag} records (limit ${lagLimit})`
        : `live waits for ${Math.round(live.latencyMs)} ms (limit ${latencyLimitMs} ms)`
    return { factor: 0, held }
  }
}

/** The publisher's lag as the lag gate sees it, and how long the oldest live record has been waiting for the normalizer or the publisher. */
export function measureLive(
  log: Pick<EventLog, 'topics' | 'offsets' | 'read'>,
  feeds: Pick<Feeds, 'all'>,
  clock: () => number = Date.now,
): Measure {
  return async () => {
    try {
      return await measure()
    } catch (error) {
      if (error instanceof TransientFault) return null
      throw error
    }
  }

  async function measure(): Promise<{ readonly lag: number; readonly latencyMs: number }> {
    const wire = feeds.all().flatMap(({ name }) => [
      { topic: wireTopic(name), group: 'normalizer' },
      { topic: flashTopic(name), group: 'normalizer-flash' },
    ])
    const known = new Set((await log.topics()).map(({ name }) => name))
    const groups = [...wire, { topic: 'stories.parsed', group: 'publisher' }].filter(({ topic }) => known.has(topic))
    const waiting = (await Promise.all(groups.map(waitingOf))).flat()
    return {
      lag: Math.max(0, ...waiting.map(({ lag }) => lag)),
      latencyMs: Math.max(0, ...waiting.map(({ latencyMs }) => latencyMs)),
    }
  }

  /** Per partition in which anything waits. */
  async function waitingOf({ topic, group }: { readonly topic: string; readonly group: string }) {
    const waiting: { lag: number; latencyMs: number }[] = []
    for (const { partition, low, high, committed } of await log.offsets(topic, group)) {
      const at = Math.max(committed ?? low, low)
      if (at >= high) continue
      const [record] = await log.read(topic, partition, at, { maxRecords: 1 })
      waiting.push({
        lag: group === 'publisher' ? high - at : 0,
        latencyMs: record !== undefined && isLive(record) ? clock() - record.timeMs : 0,
      })
    }
    return waiting
  }
}

/** What a replay itself appended may wait as long as it must. */
function isLive({ topic, value }: LogRecord): boolean {
  if (topic !== 'stories.parsed' || value === null) return true
  const line = decodeParsedRecord(value)?.line
  return line?.kind !== 'item' || line.lane !== 'replay'
}
