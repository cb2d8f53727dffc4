import { type Engine, EngineRefusal, TransientFault } from '@dateline/ports'

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const codes = { perm: 3, busy: 5, locked: 6, readonly: 8, ioerr: 10, corrupt: 11, full: 13, cantopen: 14, notadb: 26 }

const hasCode = (error: unknown): error is Error & { errcode: number } =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'

/** The primary code of an error of SQLite, without the extended part; null for any other error. */
export const sqliteCode = (error: unknown): number | null => (hasCode(error) ? error.errcode & 0xff : null)

export const isBusy = (error: unknown): boolean => [codes.busy, codes.locked].includes(sqliteCode(error) ?? -1)

/** An error of SQLite as the ports speak of it, with what to do; any other error is handed back as it is. */
export function faultOf(error: unknown, engine: Engine, place: string): unknown {
  const cause = { cause: error }
  switch (sqliteCode(error)) {
    case null:
      return error
    case codes.full:
      return new TransientFault(engine, `No room left for ${place}: free some disk space; it goes on by itself`, cause)
    case codes.busy:
    case codes.locked:
      return new TransientFault(engine, `${place} is locked by another process for too long`, cause)
    case codes.ioerr:
      return new TransientFault(engine, `The disk under ${place} does not read or write`, cause)
    case codes.readonly:
    case codes.perm:
      return new EngineRefusal(engine, `Cannot write ${place}: make it writable for this user`, cause)
    case codes.cantopen:
      return new EngineRefusal(engine, `Cannot open ${place}: make its folder exist and writable for this user`, cause)
    case codes.corrupt:
    case codes.notadb:
      return new EngineRefusal(engine, `${place} is damaged or not ours: move it away or restore a copy`, cause)
    default:
      return error
  }
}
