import type { Item, StoryState } from '@dateline/contracts'
import { type Decision, type DecisionInput, nothing } from './decision.ts'
import { eventId } from './event-id.ts'
import { overcomes } from './overcomes.ts'
import { filledVersion, receivedOf } from './remember.ts'
import { compareInstants, compareReceived, isNumber } from './version-order.ts'

type RecallStatus = 'killed' | 'withheld'

/** A supplier's kill or withhold. */
export function decideRecall(state: StoryState | null, item: Item, input: DecisionInput): Decision {
  const status: RecallStatus = item.pubStatus === 'canceled' ? 'killed' : 'withheld'
  if (state === null) return recall(null, item, status, input)
  if (state.status === 'killed' || state.status === 'withheld') return again(state, item, status, input)
  if (!isOvercome(state, item)) return recall(state, item, status, input)
  // What prevails is still under embargo, and readers hold something older: that is recalled, the held version stays.
  if (state.status === 'held' && state.shown === 'story') return recall(state, item, status, input, { keepsHeld: true })
  return nothing('stale', 'older-version', { detail: 'a later version is usable' })
}

function isOvercome(state: StoryState, item: Item): boolean {
  const received = receivedOf(state)
  if (received === null) return false
  const { version, versionCreated } = state
  const usable = {
    ...(version === undefined ? {} : { version }),
    ...(versionCreated === undefined ? {} : { versionCreated }),
    ...received,
    isUnversioned: state.unversioned === true,
  }
  return overcomes(usable, item)
}

/** A recall of what is recalled. It is remembered, so that what lies below it stays recalled. */
function again(state: StoryState, item: Item, status: RecallStatus, input: DecisionInput): Decision {
  if (state.status === 'withheld' && status === 'killed') return recall(state, item, status, input)
  const remembered: StoryState = { ...state, ...filledVersion(item, state), recall: merged(state, item, status) }
  return nothing('duplicate', state.status === 'killed' ? 'already-killed' : 'already-withheld', {
    next: isSame(state, remembered) ? null : remembered,
  })
}

const isSame = (a: StoryState, b: StoryState): boolean =>
  a.version === b.version &&
  a.versionCreated === b.versionCreated &&
  a.recall?.status === b.recall?.status &&
  a.recall?.versionCreated === b.recall?.versionCreated &&
  a.recall?.receivedAt === b.recall?.receivedAt &&
  a.recall?.position === b.recall?.position

/** The graver status, the later time, and the latest date of those that had no number. */
function merged(state: StoryState | null, item: Item, status: RecallStatus): NonNullable<StoryState['recall']> {
  const known = state?.recall
  const { receivedAt, position } = known !== undefined && compareReceived(known, item) > 0 ? known : item
  const versionCreated = [known?.versionCreated, dateThatCounts(item, state)]
    .filter((date) => date !== undefined)
    .sort(compareInstants)
    .at(-1)
  return {
    status: known?.status === 'killed' ? 'killed' : status,
    receivedAt,
    position,
    ...(versionCreated === undefined ? {} : { versionCreated }),
  }
}

/** A recall with a number, its own or the story's, is placed by that; without one its date is, its own or the story's. */
function dateThatCounts(item: Item, state: StoryState | null): string | undefined {
  if (isNumber(item.version)) return undefined
  return isNumber(state?.version) ? item.versionCreated : filledVersion(item, state).versionCreated
}

function recall(
  state: StoryState | null,
  item: Item,
  status: RecallStatus,
  { storyKey, logTimeMs }: DecisionInput,
  { keepsHeld = false } = {},
): Decision {
  const seq = (state?.seq ?? 0) + 1
  const version = item.version ?? state?.version
  const revision = state !== null && version === state.version ? state.revision + 1 : 0
  const id = eventId({
    storyKey,
    seq,
    version,
    sourceHash: item.sourceHash,
    outputHash: item.outputHash,
    kind: status,
  })
  const event = { kind: status, id, seq, revision, change: 'status' } as const
  const told = {
    seq,
    shown: 'recall',
    eventId: id,
    feed: item.feed,
    lastEventAt: new Date(logTimeMs).toISOString(),
  } as const
  const { heldEventId, ...rest } = state ?? ({ reach: 'none' } as Pick<StoryState, 'reach'> & { heldEventId?: string })
  const next: StoryState = keepsHeld
    ? { ...(state as StoryState), ...told }
    : { ...rest, ...filledVersion(item, state), ...told, status, revision, recall: merged(state, item, status) }
  return {
    verdict: { outcome: 'recalled', reason: status },
    event: {
      ...event,
      ...(version === undefined ? {} : { version }),
      document: state?.reach === 'held' ? 'bare' : 'item',
    },
    next,
    unheld: keepsHeld ? null : (heldEventId ?? null),
  }
}
