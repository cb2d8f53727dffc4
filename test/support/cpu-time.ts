import { readFileSync } from 'node:fs'

/** Ticks of /proc, which Linux fixes at a hundred a second for every program. */
const ticksPerSecond = 100

/** CPU seconds that a process has used, in user and kernel mode; NaN where there is no /proc. */
export function cpuSeconds(pid: number): number {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return Number.NaN
  }
  // proc(5): the name in brackets may hold anything, so fields count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
