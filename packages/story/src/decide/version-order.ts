import { parsePosition } from '../position.ts'

/** What says which version a thing is; whatever is absent cannot be compared. */
export interface Versioned {
  readonly version?: string
  /** RFC 3339. */
  readonly versionCreated?: string
}

/** When and where a thing arrived: the log time of its wire record, then its place in the log. */
export interface Received {
  readonly receivedAt: string
  readonly position: string
}

const number = /^\d+(?:\.\d+)*$/

/** Digits, or digits parted by points. Anything else ("Final", "b") has no order and counts as no number. */
export const isNumber = (version: string | undefined): version is string =>
  version !== undefined && number.test(version)

/** Left to right, number before time; a part counts only where both have it. 0 is a version, and "10" comes after "9". */
export function compareVersions(a: Versioned, b: Versioned): number {
  return compareNumbers(a.version, b.version) || compareInstants(a.versionCreated, b.versionCreated)
}

export function compareNumbers(a: string | undefined, b: string | undefined): number {
  if (a === b || !isNumber(a) || !isNumber(b)) return 0
  if (!a.includes('.') && !b.includes('.')) return compareDigits(a, b)
  const left = a.split('.')
  const right = b.split('.')
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = compareDigits(left[at] ?? '0', right[at] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

/** As text: agencies send numbers beyond 2^53, and padded ones. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, '')
  const right = b.replace(/^0+/, '')
  if (left.length !== right.length) return left.length - right.length
  return compareText(left, right)
}

/** 0 where one is absent or no time. */
export function compareInstants(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined || a === b) return 0
  return Date.parse(a) - Date.parse(b) || 0
}

/** 0 only for one and the same place. Places of different logs have an order too, if an arbitrary one, so that all deciders agree. */
export function compareReceived(a: Received, b: Received): number {
  return compareInstants(a.receivedAt, b.receivedAt) || comparePlaces(a.position, b.position)
}

function comparePlaces(a: string, b: string): number {
  if (a === b) return 0
  const left = parsePosition(a)
  const right = parsePosition(b)
  if (left === null || right === null) return compareText(a, b)
  return (
    compareText(left.topic, right.topic) ||
    compareText(left.logId, right.logId) ||
    left.partition - right.partition ||
    left.offset - right.offset ||
    (left.index ?? 0) - (right.index ?? 0)
  )
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** "0" comes before any replay or retry; of one replay the higher ordinal is later; of two replays the one that comes later is. */
export function isHigherAttempt(attempt: string, known: string | undefined): boolean {
  if (known === undefined || attempt === known || attempt === '0') return false
  const [id, ordinal] = parts(attempt)
  const [knownId, knownOrdinal] = parts(known)
  return id !== knownId || ordinal > knownOrdinal
}

function parts(attempt: string): readonly [id: string, ordinal: number] {
  const point = attempt.lastIndexOf('.')
  return point < 0 ? [attempt, 0] : [attempt.slice(0, point), Number(attempt.slice(point + 1)) || 0]
}
