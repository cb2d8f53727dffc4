import { readFileSync } from 'node:fs'

/** CPU seconds (user and system, all threads) and resident megabytes of a process, from /proc. */
export function measureProcess(pid: number): { readonly cpuSeconds: number; readonly residentMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const ticksPerSecond = 100
  const pageMb = 4_096 / 1_048_576
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentMb: Math.round(Number(fields[21]) * pageMb),
  }
}
