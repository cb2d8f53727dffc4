import type { Engines } from '@dateline/ports'
import type { ServiceContext } from '@dateline/runtime'
import {
  chooseRejected,
  groupRejected,
  type RejectedFilter,
  type RejectedGroup,
  unknownIds,
} from './choose-rejected.ts'
import { createRejectedCatalog, metaOf, positionOfId, type RejectedEntry } from './rejected-catalog.ts'
import { bytesOf, noteRecord, type RetryResult, readRejected, retryRejected } from './retry-rejected.ts'

export interface Handling {
  /** Who asks for it. */
  readonly by: string
  readonly isDryRun: boolean
  /** Most messages at once. */
  readonly limit: number
}

interface NamedReport {
  /** Ids that mean no rejected message, or one that the log does not keep any more. */
  readonly unknown: readonly string[]
  /** Named by an id, and retried or dropped before: nothing was done about them now. */
  readonly settled: readonly Pick<RejectedEntry, 'id' | 'state'>[]
}

export interface RetryReport extends NamedReport {
  readonly results: readonly RetryResult[]
  /** Rested, and so were not tried. */
  readonly resting: number
  /** Left for another time, since the limit was reached. */
  readonly left: number
}

export interface DropReport extends NamedReport {
  readonly dropped: readonly Pick<RejectedEntry, 'id' | 'position' | 'feed' | 'reason'>[]
  readonly left: number
}

export interface ShownReject extends RejectedEntry {
  /** The beginning of the bytes, read as UTF-8: whatever a sender put there. */
  readonly head: string
  /** The same bytes as they are, in base64. */
  readonly headBase64: string
  /** Ids of what else the same receipt or position means: items of one message. */
  readonly others: readonly string[]
}

/** What an operator does with rejected messages. What is done is noted in the log, so that every machine knows, and who did it. */
export interface RejectedDesk {
  groups(filter: RejectedFilter): Promise<readonly RejectedGroup[]>
  entries(filter: RejectedFilter): Promise<readonly RejectedEntry[]>
  /** null: there is no such reject, or the log does not keep it any more. */
  show(id: string, headBytes?: number): Promise<ShownReject | null>
  /** Those that are open, in order of arrival; `resting` takes those that rest too. Twice the same changes nothing twice. */
  retry(filter: RejectedFilter, handling: Handling & { readonly resting?: boolean }): Promise<RetryReport>
  /** Those that are open or rest. */
  drop(filter: RejectedFilter, handling: Handling & { readonly why: string }): Promise<DropReport>
}

const atOnce = 50
const mostBytes = 8_388_608

/** So many at once, and so many bytes: one larger message comes alone. */
function* inParts(entries: readonly RejectedEntry[]): Generator<readonly RejectedEntry[]> {
  let part: RejectedEntry[] = []
  let bytes = 0
  for (const entry of entries) {
    if (part.length >= atOnce || (part.length > 0 && bytes + entry.bytes > mostBytes)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(entry)
    bytes += entry.bytes
  }
  if (part.length > 0) yield part
}

export function createRejectedDesk(
  context: Pick<ServiceContext, 'feeds' | 'settings' | 'metrics'> & {
    readonly engines: Pick<Engines, 'log' | 'archive'>
  },
): RejectedDesk {
  const { engines, feeds, metrics } = context
  const catalog = createRejectedCatalog(engines.log, { mostTries: context.settings.rejected.mostTries })
  let last: Promise<unknown> = Promise.resolve()
  return {
    groups: async (filter) => groupRejected(await chosen(filter)),
    entries: chosen,
    async show(id, headBytes = 4_096) {
      const found = await chosen({ ids: [id] })
      const entry = catalog.get(positionOfId(id)) ?? found[0] ?? null
      const record = entry === null ? null : await readRejected(engines.log, entry)
      if (entry === null || record === null) return null
      const detail = metaOf(record)?.detail ?? entry.detail
      const { value } = record.value === null ? ((await bytesOf(engines, entry)) ?? record) : record
      return {
        ...entry,
        others: found.filter((other) => other.id !== entry.id).map((other) => other.id),
        detail: entry.notes.at(-1)?.detail ?? detail,
        bytes: value?.byteLength ?? entry.bytes,
        head: value?.toString('utf8', 0, headBytes) ?? '',
        headBase64: value?.toString('base64', 0, headBytes) ?? '',
      }
    },
    retry: (filter, handling) => inTurn(() => retry(filter, handling)),
    drop: (filter, handling) => inTurn(() => drop(filter, handling)),
  }

  /** Two requests in one process take turns: the second one sees what the first one noted. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  async function chosen(filter: RejectedFilter): Promise<readonly RejectedEntry[]> {
    await catalog.refresh()
    return chooseRejected(catalog.entries(), filter)
  }

  function named({ ids }: RejectedFilter, found: readonly RejectedEntry[]): NamedReport {
    const settled = ids === undefined ? [] : found.filter(({ state }) => state === 'retried' || state === 'dropped')
    return {
      unknown: unknownIds(catalog.entries(), ids),
      settled: settled.map(({ id, state }) => ({ id, state })),
    }
  }

  async function retry(
    filter: RejectedFilter,
    { by, isDryRun, limit, resting = false }: Handling & { readonly resting?: boolean },
  ): Promise<RetryReport> {
    const found = await chosen(filter)
    const report = named(filter, found)
    const open = found.filter(({ state }) => state === 'open' || (resting && state === 'resting'))
    const taken = open.slice(0, limit)
    const results: RetryResult[] = []
    for (const some of inParts(taken)) {
      const options = { by, isDryRun, at: new Date().toISOString() }
      results.push(...(await retryRejected({ engines, feeds }, some, options)))
    }
    if (!isDryRun) for (const { feed, result } of results) metrics.rejectedHandled.inc({ feed, result })
    return {
      ...report,
      results,
      resting: resting ? 0 : found.filter(({ state }) => state === 'resting').length,
      left: open.length - taken.length,
    }
  }

  async function drop(
    filter: RejectedFilter,
    { by, isDryRun, limit, why }: Handling & { readonly why: string },
  ): Promise<DropReport> {
    const found = await chosen(filter)
    const report = named(filter, found)
    const wanted = found.filter(({ state }) => state === 'open' || state === 'resting')
    const taken = wanted.slice(0, limit)
    const at = new Date().toISOString()
    const notes = taken.map(({ position, feed, tries }) =>
      noteRecord({ position, feed, tries, action: 'dropped', why, by, at }),
    )
    if (!isDryRun)
      for (let from = 0; from < notes.length; from += 500) await engines.log.append(notes.slice(from, from + 500))
    if (!isDryRun) for (const { feed } of taken) metrics.rejectedHandled.inc({ feed, result: 'dropped' })
    return {
      ...report,
      dropped: taken.map(({ id, position, feed, reason }) => ({ id, position, feed, reason })),
      left: wanted.length - taken.length,
    }
  }
}
