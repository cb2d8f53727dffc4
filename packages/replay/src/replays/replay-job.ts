import type { ReplaySpec } from '@dateline/contracts'

/** A spec with its defaults. */
export type Spec = ReplaySpec & Required<Pick<ReplaySpec, 'mode' | 'from' | 'preview' | 'newestOnly'>>

/** Offsets of one partition that a replay reads, from `from` to below `to`. */
export interface ReplayUnit {
  readonly topic: string
  readonly logId: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** What there is to be read: whole ranges, or single messages by position. */
export interface ReplayPlan {
  readonly units: readonly ReplayUnit[]
  readonly positions: readonly string[]
}

/** What is asked for, by whom; written once. */
export interface ReplayRequest {
  readonly id: string
  readonly name: string
  readonly spec: Spec
  readonly plan: ReplayPlan
  readonly by: string
  /** RFC 3339. What was received later is none of its business. */
  readonly at: string
}

export type ReplayAction = 'start' | 'pause' | 'resume' | 'cancel' | 'confirm'

/** What operators want of it since. */
export interface ReplayWish {
  readonly want: 'run' | 'pause' | 'cancel'
  readonly isConfirmed: boolean
  readonly history: readonly { readonly at: string; readonly by: string; readonly action: ReplayAction }[]
}

/** Of one feed. `messages` were read; each item of them is in exactly one of the counts after `stories`. */
export interface ReplayCounts {
  readonly messages: number
  /** Items that are stories. */
  readonly stories: number
  /** Current versions whose document is the same, and repeats of them. */
  readonly same: number
  /** Versions that are not the current one, and all of what is recalled. */
  readonly older: number
  /** Current versions whose document is another one now. */
  readonly changed: number
  /** Items that are published, or recall something, for the first time. */
  readonly accepted: number
  /** Items rejected now that were not before. */
  readonly rejected: number
  /** Items rejected as before. */
  readonly stillRejected: number
  readonly ignored: number
  /** The live normalizer has not come to them yet; they meet the present code anyway. */
  readonly waiting: number
  /** Without a supplier's id, and too old for a receipt that says which story it is. */
  readonly unknown: number
  /** Appended for the publisher; redelivered. */
  readonly sent: number
}

/** One story that changes. */
export interface ReplayExample {
  readonly storyKey: string
  readonly feed: string
  readonly position: string
  readonly kind: 'changed' | 'accepted' | 'rejected'
  /** Field by field, for a change; empty where the document that was published is no longer in the log. */
  readonly fields: readonly { readonly field: string; readonly before: string | null; readonly after: string | null }[]
  readonly detail?: string
}

export interface ReplayPhase {
  readonly startedAt: string
  readonly updatedAt: string
  /** Where to go on: index of the unit, and offset; or index of the position. */
  readonly cursor: { readonly unit: number; readonly offset: number }
  /** Offsets passed. */
  readonly passed: number
  readonly feeds: Readonly<Record<string, ReplayCounts>>
  readonly examples: readonly ReplayExample[]
  /** Why it stands still. */
  readonly held: string | null
  readonly isDone: boolean
  /** Stories whose recall was redelivered in the place of what it recalls. */
  readonly recalled?: readonly string[]
}

/** How far the worker is; written by it alone. */
export interface ReplayProgress {
  readonly preview?: ReplayPhase
  readonly publish?: ReplayPhase
  /** It ended by a fault that trying again does not mend. */
  readonly fault?: string
}

export type ReplayState = 'waiting' | 'previewing' | 'ready' | 'publishing' | 'paused' | 'done' | 'cancelled' | 'failed'

export interface Replay extends ReplayRequest {
  readonly wish: ReplayWish
  readonly progress: ReplayProgress
  readonly state: ReplayState
  /** Offsets or positions in all. */
  readonly total: number
}

export const totalOf = ({ units, positions }: ReplayPlan): number =>
  units.reduce((sum, { from, to }) => sum + to - from, positions.length)

/** What would be sent, by a preview that is done. */
const wouldSend = ({ feeds }: ReplayPhase): number =>
  Object.values(feeds).reduce((sum, { changed, accepted }) => sum + changed + accepted, 0)

export function stateOf(wish: ReplayWish, { preview, publish, fault }: ReplayProgress, spec: Spec): ReplayState {
  const isNothing = spec.preview && preview?.isDone === true && wouldSend(preview) === 0
  if (publish?.isDone || isNothing) return 'done'
  if (fault !== undefined) return 'failed'
  if (wish.want === 'cancel') return 'cancelled'
  if (spec.preview && preview?.isDone && !wish.isConfirmed) return 'ready'
  if (wish.want === 'pause') return 'paused'
  if (publish !== undefined) return 'publishing'
  if (preview === undefined || preview.isDone) return 'waiting'
  return 'previewing'
}

/** Nothing is going to happen any more. */
export const isOver = (state: ReplayState): boolean => state === 'done' || state === 'cancelled' || state === 'failed'

/** The phase that a worker has to work on; null when there is none now. */
export function phaseOf({ spec, state, progress, wish }: Replay): 'preview' | 'publish' | null {
  if (isOver(state) || state === 'ready' || state === 'paused') return null
  if (spec.preview && !progress.preview?.isDone) return 'preview'
  return !spec.preview || wish.isConfirmed ? 'publish' : null
}
