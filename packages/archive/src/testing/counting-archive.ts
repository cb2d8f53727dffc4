import type { Archive } from '@dateline/ports'

export interface CountedRequests {
  readonly list: number
  readonly head: number
  readonly get: number
  /** Keys that were asked for their metadata more than once. */
  readonly again: readonly string[]
}

/** S3 answers so many keys a request. */
const PAGE_KEYS = 1_000

/** An archive as S3 counts it: a request for each page of keys, of which only those that are taken are asked for. */
export function countingArchive(archive: Archive): Archive & { requests(): CountedRequests } {
  let [list, head, get] = [0, 0, 0]
  const asked = new Map<string, number>()
  return {
    ...archive,
    requests: () => ({ list, head, get, again: [...asked].filter(([, times]) => times > 1).map(([key]) => key) }),
    get(key, range) {
      get += 1
      return archive.get(key, range)
    },
    head(key) {
      head += 1
      asked.set(key, (asked.get(key) ?? 0) + 1)
      return archive.head(key)
    },
    async *list(prefix, after) {
      let taken = 0
      list += 1
      for await (const object of archive.list(prefix, after)) {
        if (taken > 0 && taken % PAGE_KEYS === 0) list += 1
        taken += 1
        yield object
      }
    },
  }
}
