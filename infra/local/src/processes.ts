import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A pid alone may be taken over by another process: the birth mark tells whether it still is ours. */
export type ProcessMark = { readonly pid: number; readonly birth: string }
export type ProcessState = 'running' | 'paused' | 'gone'

/** When a process started, as the system words it; undefined when there is no such process. */
export function birthOf(pid: number): string | undefined {
  return look(pid)?.birth
}

/** A zombie, or another process under the same pid, is `gone`. */
export function stateOf(mark: ProcessMark): ProcessState {
  const seen = look(mark.pid)
  if (!seen || seen.birth !== mark.birth || /^[ZX]/.test(seen.state)) return 'gone'
  return /^[Tt]/.test(seen.state) ? 'paused' : 'running'
}

/** Signals the process that we started, never another one; says whether it was there. */
export function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): boolean {
  if (stateOf(mark) === 'gone') return false
  try {
    return process.kill(mark.pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** Resolves true as soon as `check` does, false when the time is over. */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 50,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  for (;;) {
    if (await check()) return true
    if (performance.now() >= deadline) return false
    await sleep(everyMs)
  }
}

function look(pid: number): { readonly state: string; readonly birth: string } | undefined {
  return process.platform === 'linux' ? lookInProc(pid) : askPs(pid)
}

function lookInProc(pid: number): { readonly state: string; readonly birth: string } | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  return parseProcStat(stat)
}

/** proc(5): the name in brackets may hold anything, so fields count from the last bracket; start time is field 22. */
export function parseProcStat(stat: string): { readonly state: string; readonly birth: string } | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, birth] = [fields[0], fields[19]]
  return state && birth ? { state, birth } : undefined
}

function askPs(pid: number): { readonly state: string; readonly birth: string } | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    const [state, ...birth] = line.split(/\s+/)
    return state ? { state, birth: birth.join(' ') } : undefined
  } catch {
    return undefined
  }
}
