import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Death } from './faulty-engines.ts'

export interface WorkerOptions {
  readonly config: string
  readonly dataDir: string
  readonly services: readonly string[]
  readonly port?: number
  readonly die?: Death
  readonly createTopics?: boolean
}

export interface Worker {
  readonly pid: number
  readonly started: Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  isAlive(): boolean
  signal(signal: NodeJS.Signals): void
  /** What it wrote to its log, the last 20,000 characters. */
  output(): string
}

/** Starts services in a process of their own. */
export function startWorker(options: WorkerOptions): Worker {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('worker.ts', import.meta.url)), JSON.stringify({ port: 0, ...options })],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } },
  )
  let output = ''
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>()
  const keep = (text: Buffer): void => {
    output = (output + text.toString('utf8')).slice(-20_000)
  }
  child.stdout?.on('data', (text: Buffer) => {
    if (text.includes('started')) started.resolve()
    keep(text)
  })
  child.stderr?.on('data', keep)
  child.on('exit', (code, signal) => {
    ended.resolve({ code, signal })
    started.reject(
      new Error(
        `The worker (${options.services.join(', ')}) ended before it had started: ${signal ?? code}\n${output}`,
      ),
    )
  })
  started.promise.catch(() => {})
  return {
    pid: child.pid ?? 0,
    started: started.promise,
    ended: ended.promise,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    signal: (signal) => void child.kill(signal),
    output: () => output,
  }
}

export async function stopWorkers(workers: Iterable<Worker>): Promise<void> {
  const all = [...workers].filter((worker) => worker.isAlive())
  for (const worker of all) worker.signal('SIGTERM')
  const timer = setTimeout(() => {
    for (const worker of all) worker.signal('SIGKILL')
  }, 15_000)
  await Promise.all(all.map((worker) => worker.ended))
  clearTimeout(timer)
}
