import { type Engine, EngineRefusal, TransientFault } from '@dateline/ports'

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** Whether the file system answered with one of these codes. */
export const hasFileCode = (error: unknown, ...codes: readonly string[]): boolean => {
  const code = codeOf(error)
  return code !== null && codes.includes(code)
}

/** An error of the file system as the ports speak of it, with what to do; any other error is handed back as it is. */
export function folderFault(error: unknown, engine: Engine, place: string): unknown {
  const cause = { cause: error }
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new TransientFault(engine, `No room left for ${place}: free some disk space; it goes on by itself`, cause)
    case 'EMFILE':
    case 'ENFILE':
    case 'EIO':
    case 'EBUSY':
    case 'EAGAIN':
      return new TransientFault(engine, `The disk under ${place} does not answer`, cause)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new EngineRefusal(engine, `Cannot write ${place}: make it writable for this user`, cause)
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new EngineRefusal(engine, `${place} cannot be a folder: name another one`, cause)
    default:
      return error
  }
}
