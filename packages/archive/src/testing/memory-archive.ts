import { type Archive, TransientFault } from '@dateline/ports'

/** What the next put meets. `lose-answer`: it is done, and the caller does not learn it. */
export type PutFault = 'away' | 'lose-answer' | null

export interface MemoryArchive extends Archive {
  readonly objects: Map<string, { bytes: Buffer; metadata: Readonly<Record<string, string>> }>
  /** Asked before every put. */
  onPut(decide: (key: string) => PutFault): void
  /** While true every call throws TransientFault. */
  setAway(isAway: boolean): void
}

/** An archive in memory that can be away, lose answers, and be looked into. */
export function memoryArchive(): MemoryArchive {
  const objects: MemoryArchive['objects'] = new Map()
  let decide: (key: string) => PutFault = () => null
  let isAway = false
  const reach = (): void => {
    if (isAway) throw new TransientFault('archive', 'The archive is away')
  }
  return {
    objects,
    onPut: (next) => {
      decide = next
    },
    setAway: (next) => {
      isAway = next
    },
    async put(key, bytes, metadata = {}) {
      reach()
      const fault = decide(key)
      if (fault === 'away') throw new TransientFault('archive', 'The archive is away')
      const outcome = objects.has(key) ? 'exists' : 'created'
      if (outcome === 'created') objects.set(key, { bytes: Buffer.from(bytes), metadata })
      if (fault === 'lose-answer') throw new TransientFault('archive', 'The answer was lost')
      return outcome
    },
    async get(key, range) {
      reach()
      const found = objects.get(key)?.bytes ?? null
      if (found === null || range === undefined) return found
      return found.subarray(range.start, range.start + range.length)
    },
    async head(key) {
      reach()
      const found = objects.get(key)
      return found ? { size: found.bytes.length, metadata: found.metadata } : null
    },
    async *list(prefix, after = '') {
      reach()
      for (const key of [...objects.keys()].sort()) {
        if (key.startsWith(prefix) && key > after) yield { key, size: objects.get(key)?.bytes.length ?? 0 }
      }
    },
    async remove(key) {
      reach()
      objects.delete(key)
    },
    async close() {},
  }
}
