import { readFile } from 'node:fs/promises'
import { CommandFault } from './fault.ts'

/** The bytes of a message that a command names: a file, or `-` for standard input. `./-` is a file of that name. */
export async function readMessage(file: string): Promise<Buffer> {
  if (file === '-') return standardInput()
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error
    throw new CommandFault(`${file} is a directory: name the files in it.`)
  }
}

async function standardInput(): Promise<Buffer> {
  if (process.stdin.isTTY)
    throw new CommandFault('Nothing comes from standard input: name a file, or pipe a message in.')
  if (process.stdin.readableEnded) throw new CommandFault('Standard input was read already: name - once.')
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
