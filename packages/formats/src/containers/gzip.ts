import { gunzipSync } from 'node:zlib'
import { type Outcome, pass, reject } from '@dateline/story'
import type { UnpackBudget } from './budget.ts'

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8

/** RFC 1952, one member or several after each other. The size in its trailer is not believed: inflating stops at the limit. */
export function gunzip(bytes: Uint8Array, budget: UnpackBudget): Outcome<Uint8Array> {
  const limit = Math.min(budget.partBytes, budget.bytesLeft)
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: limit })
    budget.bytesLeft -= unpacked.byteLength
    return pass(unpacked)
  } catch (fault) {
    return isTooLarge(fault)
      ? reject('too-large', `gzip: more than ${limit} bytes unpacked`)
      : reject('malformed', `gzip: ${fault instanceof Error ? fault.message : 'not readable'}`)
  }
}

/** Node's code for `maxOutputLength` exceeded. */
export const isTooLarge = (fault: unknown): boolean =>
  fault instanceof Error && (fault as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
