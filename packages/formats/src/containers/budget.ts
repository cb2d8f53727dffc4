/** What one wire message may still unfold to, over all its containers. */
export interface UnpackBudget {
  /** Bytes of the largest part. */
  readonly partBytes: number
  bytesLeft: number
  entriesLeft: number
}

/** As the largest wire message. */
const mostPartBytes = 8 * 1024 * 1024
const mostBytes = 64 * 1024 * 1024
const mostEntries = 500
/** News in XML packs to about a twentieth, deflate's utmost is a thousandth. */
const highestRatio = 200
const smallestCapBytes = 1024 * 1024

export function budgetOf(messageBytes: number): UnpackBudget {
  return {
    partBytes: mostPartBytes,
    bytesLeft: Math.min(mostBytes, Math.max(smallestCapBytes, messageBytes * highestRatio)),
    entriesLeft: mostEntries,
  }
}
