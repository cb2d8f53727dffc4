import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child {
  /** What it said so far. */
  readonly lines: readonly string[]
  /** Kills it like a power cut for the process, and waits for its end and its last words. */
  kill(): Promise<void>
}

export function runChild(mode: 'append' | 'apply' | 'archive' | 'hold', dir: string): Child {
  const lines: string[] = []
  const path = fileURLToPath(new URL('./child.ts', import.meta.url))
  const child = spawn(process.execPath, [path, mode, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = createInterface(child.stdout)
  output.on('line', (line) => lines.push(line))
  const isRead = once(output, 'close')
  const isOver = once(child, 'exit')
  return {
    lines,
    async kill() {
      child.kill('SIGKILL')
      await Promise.all([isOver, isRead])
    },
  }
}
