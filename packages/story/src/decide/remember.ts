import type { Item, StoryState } from '@dateline/contracts'
import { compareReceived, compareVersions, isNumber, type Received } from './version-order.ts'

type Rank = Pick<StoryState, 'version' | 'versionCreated' | 'receivedAt' | 'current' | 'attempt' | 'unversioned'>

/** The item had nothing to compare: it has the version that it finds. */
export const isUnversioned = (item: Pick<Item, 'version' | 'versionCreated'>): boolean =>
  !isNumber(item.version) && item.versionCreated === undefined

/** Where the highest version was received; null while only recalls are known. */
export function receivedOf(state: StoryState): Received | null {
  if (state.receivedAt === undefined || state.current === undefined) return null
  return { receivedAt: state.receivedAt, position: state.current }
}

/** Version, then time received: above 0 when the item is newer than all that was seen, 0 for the very item. */
export function compareToNewest(item: Item, state: StoryState): number {
  const order = compareVersions(item, state)
  if (order !== 0) return order
  const received = receivedOf(state)
  return received === null ? 1 : compareReceived(item, received)
}

/** The item's version, each part that it lacks or that is below taken from the state. */
export function filledVersion(
  item: Pick<Item, 'version' | 'versionCreated'>,
  state: StoryState | null,
): Pick<StoryState, 'version' | 'versionCreated'> {
  const isBelow = state !== null && compareVersions(item, state) < 0
  const version = isBelow ? numberOf(state.version, item.version) : numberOf(item.version, state?.version)
  const versionCreated = isBelow
    ? (state.versionCreated ?? item.versionCreated)
    : (item.versionCreated ?? state?.versionCreated)
  return { ...(version === undefined ? {} : { version }), ...(versionCreated === undefined ? {} : { versionCreated }) }
}

/** The first, unless only the second is a number. */
function numberOf(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined) return second
  return isNumber(first) || !isNumber(second) ? first : second
}

/** What the state keeps of the item as its highest version. */
export function rankOf(item: Item, state: StoryState | null): Rank {
  return {
    ...filledVersion(item, state),
    receivedAt: item.receivedAt,
    current: item.position,
    attempt: item.attempt,
    ...(isUnversioned(item) ? { unversioned: true as const } : {}),
  }
}

export function withRank(state: StoryState, rank: Rank): StoryState {
  const { unversioned: _dropped, ...rest } = state
  return { ...rest, ...rank }
}
