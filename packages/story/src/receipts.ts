import type { ReceiptBatch } from '@dateline/contracts'

export type ReceiptWriter = ReceiptBatch['writer']

/**
 * Whether an outcome read later, in the order of `wire.receipts`, takes the place of the one known. A publisher's outcome stands over a
 * normalizer's; within one writer the first is final: what a worker repeats after a crash changes no receipt.
 */
export const takesPlace = (later: ReceiptWriter, known: ReceiptWriter | undefined): boolean =>
  known === undefined || (known === 'normalizer' && later === 'publisher')
