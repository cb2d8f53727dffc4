import { TransientFault } from '@dateline/ports'
import { NotConnected } from './broker-link.ts'
import { CODE, isAway, isIdentityGone, isPassing, passing, refusal } from './faults.ts'
import type { ProduceResult } from './produce-request.ts'

/** What the answer to a produce request means for one partition's batch. */
export type AppendVerdict =
  | { readonly kind: 'appended'; readonly baseOffset: number }
  /** The same batch again. `isUnknown`: it may have been appended. */
  | { readonly kind: 'again'; readonly why: unknown; readonly isUnknown: boolean }
  | { readonly kind: 'too-large' }
  /** The broker does not know the producer's numbering any more; nothing was appended by this try. */
  | { readonly kind: 'renumber'; readonly code: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** `result` is undefined when there was no answer, then `trouble` says why, or when the answer leaves the partition out. */
export function verdictOn(where: string, result: ProduceResult | undefined, trouble: unknown): AppendVerdict {
  if (result === undefined) {
    if (trouble !== null && !isAway(trouble)) return { kind: 'failed', error: trouble }
    // Only without a connection is it certain that nothing was appended.
    const isUnsent = trouble instanceof NotConnected || trouble instanceof TransientFault
    return {
      kind: 'again',
      why: trouble ?? passing(CODE.none, `acknowledge an append to ${where}`),
      isUnknown: !isUnsent,
    }
  }
  const { code, baseOffset } = result
  if (code === CODE.none) return { kind: 'appended', baseOffset }
  if (code === CODE.messageTooLarge || code === CODE.recordListTooLarge) return { kind: 'too-large' }
  if (isIdentityGone(code)) return { kind: 'renumber', code }
  if (isPassing(code)) return { kind: 'again', why: passing(code, `append to ${where}`), isUnknown: false }
  return { kind: 'failed', error: refusal(code, `append to ${where}`) }
}
