import { hash } from 'node:crypto'
import { packMember } from './members.ts'
import type { FinishedObject } from './object-builder.ts'
import type { Chain } from './object-key.ts'

export interface Marker {
  /** `gap`: the log no longer kept these messages when the archiver came to them. `removed`: they were archived, and taken out since. */
  readonly kind: 'gap' | 'removed'
  readonly base: number
  readonly next: number
  readonly reason: string
  readonly writer: string
  /** How many messages were taken out, and the time of the last; 0 and null for a gap, of which nobody knows. */
  readonly count?: number
  readonly lastTimeMs?: number | null
}

/** Stands in the chain for messages that are not there. Its one line of JSON says so without metadata too. */
export async function markerObject(chain: Chain, marker: Marker): Promise<FinishedObject> {
  const { kind, base, next, reason, writer, count = 0, lastTimeMs = null } = marker
  const line = JSON.stringify({ kind, ...chain, base, next, reason, ...(count === 0 ? {} : { count }) })
  const bytes = await packMember(Buffer.from(`${line}\n`), 3)
  const sha256 = hash('sha256', bytes)
  return {
    bytes,
    metadata: { kind, base, next, count, sha256, writer, firstTimeMs: null, lastTimeMs, members: [] },
  }
}
