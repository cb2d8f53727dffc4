import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = fileURLToPath(new URL('../../', import.meta.url))

interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Another checkout than this one. */
  readonly checkout?: string
}

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `dateline …` as a user types it, to its end. */
export async function dateline(
  args: readonly string[],
  options: StartOptions & { readonly input?: string } = {},
): Promise<CommandResult> {
  const child = start(args, options)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString('utf8')))
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString('utf8')))
  child.stdin?.end(options.input ?? '')
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)))
  return { code, stdout, stderr }
}

export interface RunningCommand {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  output(): string
  /** Resolves when the text was printed; rejects when the command ends first. */
  says(text: string): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts `dateline …` and leaves it running. */
export function startDateline(args: readonly string[], options: StartOptions = {}): RunningCommand {
  const child = start(args, options)
  let output = ''
  const listeners = new Set<() => void>()
  const keep = (text: Buffer): void => {
    output += text.toString('utf8')
    for (const look of listeners) look()
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    child,
    ended,
    output: () => output,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!output.includes(text)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
        void ended.then((code) =>
          reject(new Error(`dateline ${args.join(' ')} ended with ${code} before it said "${text}":\n${output}`)),
        )
      }),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    },
  }
}

function start(args: readonly string[], options: StartOptions): ChildProcess {
  const main = join(options.checkout ?? checkout, 'packages/cli/src/main.ts')
  return spawn(process.execPath, [main, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
}
