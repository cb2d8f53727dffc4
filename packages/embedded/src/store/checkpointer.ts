import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { sqliteCode } from './sqlite-faults.ts'

/** Two megabytes of pages of 4 KB: a checkpoint of that size takes some milliseconds. */
const worthwhilePages = 500

/** Keeps the write-ahead log short from a thread of its own, which starts when there is enough to do. */
export interface Checkpointer {
  /** Called after each commit; costs microseconds. */
  committed(): void
  close(): Promise<void>
}

export function checkpointerOf(db: DatabaseSync, file: string): Checkpointer {
  // Only asks how long the log is (SQLite 3.51; before that it checkpoints right here, as any connection would).
  const length = db.prepare('PRAGMA wal_checkpoint(NOOP)')
  let worker: Worker | null = null
  let isBusy = false

  function start(): Worker {
    const started = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: file })
    started.on('message', () => {
      isBusy = false
    })
    // A thread that could not open the file (a full disk) must not end the writer with it: the next commit starts another.
    started.on('error', () => {
      worker = null
      isBusy = false
    })
    return started
  }

  /** A full disk or a busy file is said by the next append, not here. */
  function waitingPages(): number {
    try {
      const row = length.get()
      return Number(row?.log) - Number(row?.checkpointed)
    } catch (error) {
      if (sqliteCode(error) === null) throw error
      return 0
    }
  }

  return {
    committed() {
      if (isBusy) return
      if (waitingPages() < worthwhilePages) return
      worker ??= start()
      isBusy = true
      worker.postMessage('checkpoint')
    },
    async close() {
      if (worker === null) return
      const exited = new Promise<void>((resolve) => worker?.once('exit', () => resolve()))
      worker.postMessage('close')
      await exited
    },
  }
}
