import { type Archive, TransientFault } from '@dateline/ports'

/** What happens to the next puts: told per put, after `done` was called or not. */
export type PutFault = (key: string, done: () => Promise<'created' | 'exists'>) => Promise<'created' | 'exists'>

export interface FaultyArchive extends Archive {
  /** null: puts go through. */
  onPut(fault: PutFault | null): void
  /** While true every call throws TransientFault. */
  setAway(isAway: boolean): void
  /** While true no object is listed: what an archiver saw that looked before the others wrote. */
  setBlind(isBlind: boolean): void
  /** Every get so far, with its range. */
  readonly gets: readonly { readonly key: string; readonly isRanged: boolean }[]
}

/** An archive that can be away, lose answers and hang, in front of a whole one. */
export function faultyArchive(inner: Archive): FaultyArchive {
  const gets: { key: string; isRanged: boolean }[] = []
  let fault: PutFault | null = null
  let isAway = false
  let isBlind = false
  const reach = (): void => {
    if (isAway) throw new TransientFault('archive', 'The archive is away')
  }
  return {
    gets,
    onPut: (next) => {
      fault = next
    },
    setAway: (next) => {
      isAway = next
    },
    setBlind: (next) => {
      isBlind = next
    },
    async put(key, bytes, metadata) {
      reach()
      const done = () => inner.put(key, bytes, metadata)
      return fault === null ? done() : fault(key, done)
    },
    async get(key, range) {
      reach()
      gets.push({ key, isRanged: range !== undefined })
      return inner.get(key, range)
    },
    async head(key) {
      reach()
      return inner.head(key)
    },
    async *list(prefix, after) {
      reach()
      if (!isBlind) yield* inner.list(prefix, after)
    },
    async remove(key) {
      reach()
      return inner.remove(key)
    },
    async close() {},
  }
}
