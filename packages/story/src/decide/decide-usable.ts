import type { Change, Item, PublishedReason, StoryState } from '@dateline/contracts'
import { type Decision, type DecisionInput, nothing, type StoryEventKind } from './decision.ts'
import { boundBy, holds } from './embargo.ts'
import { eventId } from './event-id.ts'
import { overcomes } from './overcomes.ts'
import { compareToNewest, filledVersion, isUnversioned, rankOf, receivedOf, withRank } from './remember.ts'
import {
  compareInstants,
  compareNumbers,
  compareReceived,
  compareVersions,
  isHigherAttempt,
  isNumber,
} from './version-order.ts'

/** A version that may be published. */
export function decideUsable(state: StoryState | null, item: Item, input: DecisionInput): Decision {
  if (state === null) return accept(null, item, input)
  switch (state.status) {
    case 'killed':
    case 'withheld':
      return restores(item, state) ? accept(state, item, input) : suppressed(state, item)
    case 'lifted':
      return compareToNewest(item, state) >= 0 ? accept(state, item, input) : nothing('stale', 'older-version')
    default:
      return refusal(state, item) ?? accept(state, item, input)
  }
}

/** Why a usable version changes nothing for a story that is not recalled; null when it does. */
function refusal(state: StoryState, item: Item): Decision | null {
  const sameVersion = item.version === undefined ? 'same-content' : 'same-version'
  if (item.position === state.current) {
    if (!isHigherAttempt(item.attempt, state.attempt)) return nothing('duplicate', sameVersion)
    return item.outputHash === state.outputHash ? nothing('duplicate', 'same-output') : null
  }
  const order = compareVersions(item, state)
  if (order < 0) return nothing('stale', 'older-version')
  if (isSameNumber(item, state) && item.sourceHash === state.sourceHash) return nothing('duplicate', sameVersion)
  if (order > 0) return null
  const received = receivedOf(state)
  if (received !== null && compareReceived(item, received) < 0)
    return nothing('stale', 'older-version', { detail: 'received before the one that is known' })
  return item.outputHash === state.outputHash ? nothing('duplicate', 'same-output') : null
}

/** A number that says otherwise makes another version of the same text; a later date alone does not. */
function isSameNumber(item: Item, state: StoryState): boolean {
  if (item.version === undefined || item.version === state.version) return true
  return isNumber(item.version) && isNumber(state.version) && compareNumbers(item.version, state.version) === 0
}

function restores(item: Item, state: StoryState): boolean {
  return state.desk === undefined && overcomesRecall(item, state)
}

function overcomesRecall(item: Item, { recall, ...seen }: StoryState): boolean {
  if (recall === undefined) return true
  const { receivedAt, position } = recall
  const usable = { ...item, isUnversioned: isUnversioned(item) }
  if (!overcomes(usable, { ...filledVersion({}, seen), receivedAt, position })) return false
  // A recall without a number took the story's; its own date still counts.
  const { versionCreated } = filledVersion(item, seen)
  return compareToNewest(item, seen) > 0 && compareInstants(versionCreated, recall.versionCreated) >= 0
}

/** The recall stands. What was seen is remembered: only what is above it may lift the recall. */
function suppressed(state: StoryState, item: Item): Decision {
  const isNewer = compareToNewest(item, state) > 0
  const by = state.desk === undefined ? 'the recall stands' : `recalled by ${state.desk}`
  if (!isNewer) return nothing('stale', 'killed', { detail: by })
  const seen = withEmbargo(withRank(state, rankOf(item, state)), boundBy(item.embargo, state.embargo))
  // Under a desk's kill the supplier may take its own recall back, which shows when the desk lifts its.
  const { recall: _lifted, ...lifted } = seen
  const next = state.desk !== undefined && state.recall !== undefined && overcomesRecall(item, state) ? lifted : seen
  return nothing('stale', 'killed', { detail: by, next })
}

/** An embargo said by a version that stays unseen binds those after it all the same. */
function withEmbargo({ embargo: _before, ...state }: StoryState, embargo: string | undefined): StoryState {
  return embargo === undefined ? state : { ...state, embargo }
}

function accept(state: StoryState | null, item: Item, { storyKey, logTimeMs }: DecisionInput): Decision {
  const embargo = boundBy(item.embargo, state?.embargo)
  const isHeld = holds(embargo, logTimeMs)
  const shown = state?.shown ?? 'nothing'
  const { kind, change, reason } = changeOf(state, item)
  const seq = (state?.seq ?? 0) + 1
  const version = item.version ?? state?.version
  const revision = state !== null && state.current !== undefined && version === state.version ? state.revision + 1 : 0
  const eventKind = isHeld ? 'embargoed' : kind
  const id = eventId({
    storyKey,
    seq,
    version,
    sourceHash: item.sourceHash,
    outputHash: item.outputHash,
    kind: eventKind,
  })
  const next: StoryState = {
    seq,
    status: isHeld ? 'held' : 'live',
    shown: isHeld ? shown : 'story',
    reach: isHeld ? (state?.reach === 'out' ? 'out' : 'held') : 'out',
    ...rankOf(item, state),
    revision,
    sourceHash: item.sourceHash,
    outputHash: item.outputHash,
    ...(embargo === undefined ? {} : { embargo }),
    eventId: id,
    ...(isHeld ? { heldEventId: id } : {}),
    feed: item.feed,
    lastEventAt: new Date(logTimeMs).toISOString(),
  }
  return {
    verdict: isHeld
      ? { outcome: 'held', reason: 'embargoed', ...(embargo === undefined ? {} : { detail: embargo }) }
      : { outcome: 'published', reason },
    event: {
      kind: eventKind,
      id,
      seq,
      ...(version === undefined ? {} : { version }),
      revision,
      change,
      document: 'item',
    },
    next,
    unheld: state?.heldEventId ?? null,
  }
}

/** What a reader must do, by what readers were told last. */
function changeOf(
  state: StoryState | null,
  item: Item,
): { readonly kind: StoryEventKind; readonly change: Change; readonly reason: PublishedReason } {
  if (state === null || state.shown === 'nothing') return { kind: 'published', change: 'new', reason: 'new' }
  if (state.shown === 'recall') return { kind: 'restored', change: 'status', reason: 'restored' }
  if (item.position === state.current) return { kind: 'updated', change: 'reprocessed', reason: 'reprocessed' }
  if (item.change === 'correction') return { kind: 'corrected', change: 'correction', reason: 'correction' }
  if (item.change === 'repeat') return { kind: 'updated', change: 'repeat', reason: 'repeat' }
  if (!isSameNumber(item, state)) return { kind: 'updated', change: 'content', reason: 'new-version' }
  // Seen at AP: the same number again with other metadata. A supplier that gives no numbers sends other content.
  const isMetadata = item.version !== undefined && compareInstants(item.versionCreated, state.versionCreated) <= 0
  return isMetadata
    ? { kind: 'updated', change: 'metadata', reason: 'metadata' }
    : { kind: 'updated', change: 'content', reason: 'new-content' }
}
