import { Refusal, Unreachable } from '@dateline/client'
import { EngineRefusal, TransientFault } from '@dateline/ports'
import { CommanderError } from 'commander'
import { CommandFault } from './fault.ts'

/** What to say of an error, and the exit code. Faults of ours keep their stack; everything expected is one sentence. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CommanderError) return { message: '', exitCode: error.exitCode }
  if (error instanceof CommandFault) return { message: error.message, exitCode: error.exitCode }
  if (error instanceof Refusal && error.status === 401)
    return {
      message: `The instance does not know this key: give one with --key or DATELINE_KEY (\`dateline keys create\` makes them), or name the data directory of the instance with --data.`,
      exitCode: 1,
    }
  if (error instanceof Refusal || error instanceof Unreachable) return { message: error.message, exitCode: 1 }
  if (error instanceof EngineRefusal || error instanceof TransientFault) return { message: error.message, exitCode: 1 }
  // By its name: the archive is loaded by the commands that need it.
  if (error instanceof Error && error.name === 'ObjectDamaged') return { message: `${error.message}.`, exitCode: 1 }
  const system = error as NodeJS.ErrnoException
  if (system?.code === 'EPIPE') return { message: '', exitCode: 0 }
  if (system?.code === 'ENOENT')
    return { message: `${system.path ?? 'A file'} does not exist: check the path.`, exitCode: 1 }
  if (system?.code === 'EACCES' || system?.code === 'EPERM')
    return { message: `${system.path ?? 'A file'} may not be used by this user: check its permissions.`, exitCode: 1 }
  if (system?.code === 'EROFS')
    return {
      message: `Cannot write ${system.path ?? 'a file'}: its disk is mounted read-only; make it writable.`,
      exitCode: 1,
    }
  if (system?.code === 'ENOSPC' || system?.code === 'EDQUOT')
    return {
      message: `No room left for ${system.path ?? 'a file'}: free some disk space and start again.`,
      exitCode: 1,
    }
  if (system?.code === 'EISDIR')
    return { message: `${system.path ?? 'A path'} is a directory: name a file.`, exitCode: 1 }
  return {
    message: error instanceof Error ? `a fault of Dateline itself: ${error.stack ?? error.message}` : String(error),
    exitCode: 70,
  }
}
