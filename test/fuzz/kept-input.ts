import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FuzzInput } from './input.ts'

/** Writes an input to a file of its own, with all that is needed to read it again; answers with the path. */
export function keepInput(input: FuzzInput, seed: number, why: string): string {
  const folder = join(tmpdir(), 'dateline-fuzz')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${seed}-${input.index}.json`)
  const wire = { ...input.wire, bytes: Buffer.from(input.wire.bytes).toString('base64') }
  writeFileSync(path, JSON.stringify({ why, seed, ...input, wire }))
  return path
}

export function readKept(path: string): FuzzInput {
  const kept = JSON.parse(readFileSync(path, 'utf8'))
  return { ...kept, wire: { ...kept.wire, bytes: Buffer.from(kept.wire.bytes, 'base64') } }
}
