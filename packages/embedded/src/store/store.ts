import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { type Engine, EngineRefusal } from '@dateline/ports'
import { folderFault } from './folder-fault.ts'
import { preparedOn, type Statements } from './group-context.ts'
import { type HeadWatch, watchHeads } from './head-watch.ts'
import { makeFolder } from './make-folder.ts'
import { goneOwners, type OwnerLock, takeOwnerLock } from './owner-lock.ts'
import { type DatabaseOptions, openDatabase, prepareSchema } from './schema.ts'
import { faultOf, isBusy } from './sqlite-faults.ts'
import { openWriter, type Writer } from './writer.ts'

export interface StoreOptions extends DatabaseOptions {
  /** The folder; made when it is not there. */
  readonly dir: string
  /** Milliseconds since 1970; for tests in which time passes. */
  readonly nowMs?: (() => number) | undefined
}

/** The file, opened: one thread of ours writes, this one reads. Any number of processes may have it open. */
export interface Store {
  readonly dir: string
  readonly watch: HeadWatch
  readonly run: Writer['run']
  nowMs(): number
  /** Reads one state of the file, which no writer changes meanwhile. */
  read<T>(engine: Engine, look: (sql: Statements) => T): T
  /** The lock that tells other processes that this one lives; taken at the first use. */
  owner(): OwnerLock
  /** Which of these owners' processes are gone. */
  gone(owners: readonly string[]): readonly string[]
  /** The owner's id where there is one already. */
  ownerId(): string | null
  close(): Promise<void>
}

export async function openStore(options: StoreOptions, engine: Engine = 'log'): Promise<Store> {
  const { dir } = options
  const file = join(dir, 'dateline.db')
  const db = await opened(file, options, engine)
  const sql = preparedOn(db)
  const watch = watchHeads(db, sql)
  const writer = openWriter(file, {
    maxSizeBytes: options.maxSizeBytes,
    onHeads: (heads) => watch.appended(heads),
    faultOf: (error, of) => faultOf(error, of, file),
  })
  let owner: OwnerLock | null = null
  let closing: Promise<void> | null = null

  async function close(): Promise<void> {
    watch.close()
    await writer.close()
    owner?.release()
    db.close()
  }

  return {
    dir,
    watch,
    run: writer.run,
    nowMs: options.nowMs ?? Date.now,
    read(of, look) {
      try {
        db.exec('BEGIN')
        try {
          return look(sql)
        } finally {
          db.exec('COMMIT')
        }
      } catch (error) {
        throw faultOf(error, of, file)
      }
    },
    owner() {
      try {
        owner ??= takeOwnerLock(dir)
        return owner
      } catch (error) {
        throw folderFault(faultOf(error, engine, dir), engine, dir)
      }
    },
    gone(owners) {
      try {
        return owners.length === 0 ? owners : goneOwners(dir, owners)
      } catch (error) {
        throw folderFault(faultOf(error, engine, dir), engine, dir)
      }
    },
    ownerId: () => owner?.id ?? null,
    close: () => (closing ??= close()),
  }
}

async function opened(file: string, options: StoreOptions, engine: Engine): Promise<DatabaseSync> {
  makeFolder(options.dir, engine)
  const giveUpAt = performance.now() + 10_000
  for (;;) {
    try {
      return reader(file, options, engine)
    } catch (error) {
      // Turning a new file to WAL does not wait for a process that does the same at this moment.
      if (!isBusy(error) || performance.now() > giveUpAt) throw faultOf(error, engine, file)
      await pause(5 + Math.random() * 20)
    }
  }
}

function reader(file: string, options: StoreOptions, engine: Engine): DatabaseSync {
  const db = openDatabase(file, options)
  try {
    if (prepareSchema(db) === 'newer') {
      throw new EngineRefusal(
        engine,
        `${file} was made by a newer Dateline: use that version, or another data directory`,
      )
    }
    db.exec('PRAGMA query_only = ON')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
