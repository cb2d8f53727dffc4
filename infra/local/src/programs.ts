import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { EngineError } from './engine-error.ts'

/** Where a program is on the PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

export function requireProgram(name: string, advice: string): string {
  const found = findProgram(name)
  if (!found) throw new EngineError(`${name} was not found on the PATH: ${advice}.`)
  return found
}

/** Runs a program to its end and returns what it printed; `purpose` completes the sentence when it fails. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly purpose: string; readonly env?: Readonly<Record<string, string>>; readonly withinMs?: number },
): Promise<string> {
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    timeout: options.withinMs ?? 15 * 60_000,
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (...end) => resolve(end))
  }).catch((cause: Error): never => {
    throw new EngineError(`Could not run ${command} to ${options.purpose}: ${cause.message}.`)
  })
  if (code !== 0) {
    throw new EngineError(
      `Could not ${options.purpose}: ${command} ended with ${code ?? signal}, saying: ${lastLines(printed, 3) || 'nothing'}`,
    )
  }
  return printed
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join(' | ').trim()
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
