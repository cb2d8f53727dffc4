import type { DatabaseSync } from 'node:sqlite'
import type { Statements } from './group-context.ts'
import { sqliteCode } from './sqlite-faults.ts'

/** How soon what another process appended is seen; within a process it is seen at once. */
const lookEveryMs = 20

/** Wakes whoever waits for records, members or jobs. */
export interface HeadWatch {
  /** Calls `wake` whenever the partition may have got records; undo by the function returned. */
  onAppend(headId: number, wake: () => void): () => void
  /** Calls `wake` when topics or members changed. */
  onMembership(wake: () => void): () => void
  /** Calls `wake` after some connection committed something, at most once in a look. */
  onCommit(wake: () => void): () => void
  /** What the writer of this connection appended. */
  appended(heads: readonly (readonly [headId: number, next: number])[]): void
  close(): void
}

export function watchHeads(db: DatabaseSync, sql: Statements): HeadWatch {
  const appends = new Map<number, Set<() => void>>()
  const memberships = new Set<() => void>()
  const commits = new Set<() => void>()
  const known = new Map<number, number>()
  const dataVersion = db.prepare('PRAGMA data_version')
  let seenVersion: unknown = null
  let seenMembership: unknown = null
  let timer: NodeJS.Timeout | null = null

  function look(): void {
    try {
      lookForNews()
    } catch (error) {
      if (sqliteCode(error) === null) throw error
      // A disk that does not read is met, and told, by those who read for their work: the next look tries again.
      seenVersion = null
    }
  }

  function lookForNews(): void {
    // Changes when any other connection committed, the own writer's included: a look without news costs microseconds.
    const version = dataVersion.get()?.data_version
    if (version === seenVersion) return
    seenVersion = version
    const membership = sql(`SELECT value FROM facts WHERE name = 'membership'`).get()?.value ?? 0
    if (membership !== seenMembership) {
      seenMembership = membership
      wakeAll(memberships)
    }
    if (appends.size > 0) {
      for (const row of sql('SELECT id, next FROM heads').all()) note(Number(row.id), Number(row.next))
    }
    wakeAll(commits)
  }

  function note(headId: number, next: number): void {
    const waiting = appends.get(headId)
    if (!waiting || known.get(headId) === next) return
    known.set(headId, next)
    wakeAll(waiting)
  }

  function listening(): void {
    const isNeeded = appends.size + memberships.size + commits.size > 0
    if (isNeeded) timer ??= setInterval(look, lookEveryMs)
    else if (timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }

  function added(to: Set<() => void>, wake: () => void): () => void {
    to.add(wake)
    listening()
    return () => {
      to.delete(wake)
      for (const [id, waiting] of appends) if (waiting.size === 0) appends.delete(id)
      listening()
    }
  }

  return {
    onAppend(headId, wake) {
      const waiting = appends.get(headId) ?? new Set()
      appends.set(headId, waiting)
      return added(waiting, wake)
    },
    onMembership: (wake) => added(memberships, wake),
    onCommit: (wake) => added(commits, wake),
    appended(heads) {
      for (const [headId, next] of heads) note(headId, next)
    },
    close() {
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
}

function wakeAll(waiting: ReadonlySet<() => void>): void {
  for (const wake of [...waiting]) wake()
}
