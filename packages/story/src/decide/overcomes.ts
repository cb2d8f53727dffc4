import { compareReceived, compareVersions, type Received, type Versioned } from './version-order.ts'

const restoringMs = 60_000

/** A usable version on one side of a recall. */
export interface Usable extends Versioned, Received {
  readonly isUnversioned: boolean
}

/**
 * Whether a usable version prevails over a recall: received later, and above it in version; or, where nothing says its version, received
 * at least 60 s later. Ties go to the recall. Asked both ways round (a recall after the version, a version after the recall), so that
 * the order in which they are decided makes no difference.
 */
export function overcomes(usable: Usable, recall: Received & Versioned): boolean {
  if (compareReceived(usable, recall) <= 0) return false
  const order = compareVersions(usable, recall)
  if (order !== 0 || !usable.isUnversioned) return order > 0
  return Date.parse(usable.receivedAt) >= Date.parse(recall.receivedAt) + restoringMs
}
