import { hash } from 'node:crypto'
import { packMember } from './members.ts'
import type { FinishedObject } from './object-builder.ts'
import type { Chain } from './object-key.ts'

/** Stands in the chain for messages that the log no longer kept when the archiver came to them. Its one line of JSON says so without metadata too. */
export async function gapObject(
  chain: Chain,
  given: { readonly base: number; readonly next: number; readonly writer: string },
): Promise<FinishedObject> {
  const { base, next, writer } = given
  const line = JSON.stringify({ kind: 'gap', ...chain, base, next, reason: 'no longer kept by the log' })
  const bytes = await packMember(Buffer.from(`${line}\n`), 3)
  return {
    bytes,
    metadata: {
      kind: 'gap',
      base,
      next,
      count: 0,
      sha256: hash('sha256', bytes),
      writer,
      firstTimeMs: null,
      lastTimeMs: null,
      members: [],
    },
  }
}
