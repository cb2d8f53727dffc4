import type { RejectReason } from '@dateline/contracts'

/** Every reason, so that the compiler complains when one is missing. */
const all: Readonly<Record<RejectReason, true>> = {
  empty: true,
  'too-large': true,
  'too-deep': true,
  'too-complex': true,
  charset: true,
  doctype: true,
  malformed: true,
  'unsafe-key': true,
  'unknown-format': true,
  invalid: true,
  unsupported: true,
  'no-story': true,
  'kill-without-id': true,
  'invalid-output': true,
  bug: true,
}

/** What a message or an item can be rejected for. */
export const rejectReasons: readonly string[] = Object.keys(all)
