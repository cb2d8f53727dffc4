/** How far the input of a partition is fully done: the log it belongs to, and the offset of the last record done (-1: none yet). */
export interface Applied {
  readonly logId: string
  readonly offset: number
}

/** A changed entry. null removes it. `group` names a family of entries that can be loaded together. */
export interface StatePut {
  readonly key: string
  readonly group?: string
  readonly value: string | null
  /** When the entry may be forgotten; absent: never. A courtesy for space, never a rule of the story. */
  readonly expiresAtMs?: number
}

export interface StateLoad {
  /** The token last written by `claim`; null when the partition is unknown or was wiped. */
  readonly token: string | null
  readonly applied: Applied | null
  /** One per key asked for, in order; null when there is none. */
  readonly values: readonly (string | null)[]
  /** All entries of each group asked for: key and value. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, string>>
}

export interface StateWrite {
  readonly partition: number
  readonly puts: readonly StatePut[]
  /** What this owner last saw; the store refuses unless both are still so. */
  readonly expected: { readonly token: string; readonly applied: Applied | null }
  /** null leaves it missing (in the middle of a restore). */
  readonly applied: Applied | null
}

/** Redis, or the SQLite file. A cache of the log. Every call throws TransientFault when the engine is away. */
export interface StateStore {
  /** Makes the caller the owner: writes the fresh token, answers with the applied position; null tells a wiped partition from an empty one. */
  claim(partition: number, token: string): Promise<Applied | null>
  load(partition: number, keys: readonly string[], groups?: readonly string[]): Promise<StateLoad>
  /** All or nothing: every put and the applied position, or `refused` and no trace. */
  store(write: StateWrite): Promise<'stored' | 'refused'>
  /** Forgets all of a partition but the caller's token, before a restore; `refused` when the token is another's. */
  clear(partition: number, token: string): Promise<'cleared' | 'refused'>
  close(): Promise<void>
}
