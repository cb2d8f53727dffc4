export interface Difference {
  /** Where: `items[0].story.headlines[0].value`. */
  readonly at: string
  /** undefined where nothing is expected, or found. */
  readonly expected: unknown
  readonly found: unknown
}

const mostDifferences = 100
const deepest = 40

/** Where two JSON values differ, field by field, in the order of the first. A property that is undefined is an absent one. */
export function differencesOf(expected: unknown, found: unknown): readonly Difference[] {
  const differences: Difference[] = []
  compare({ at: '', expected, found }, differences, 0)
  return differences
}

function compare({ at, expected, found }: Difference, into: Difference[], depth: number): void {
  if (into.length >= mostDifferences || Object.is(expected, found)) return
  const isSameKind = isContainer(expected) && isContainer(found) && Array.isArray(expected) === Array.isArray(found)
  if (!isSameKind || depth > deepest) {
    into.push({ at, expected, found })
    return
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const place = Array.isArray(expected) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`
    compare({ at: place, expected: own(expected, key), found: own(found, key) }, into, depth + 1)
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined
