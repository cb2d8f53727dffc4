export { normalizeAgain } from './normalize-again.ts'
export { readWire } from './read-wire.ts'
export type { RejectedFilter, RejectedGroup } from './rejected/choose-rejected.ts'
export type { RejectedEntry } from './rejected/rejected-catalog.ts'
export {
  createRejectedDesk,
  type DropReport,
  type RejectedDesk,
  type RetryReport,
  type ShownReject,
} from './rejected/rejected-desk.ts'
export { createReplayBook, type ReplayBook } from './replays/replay-book.ts'
export { createReplayDesk, type ReplayDesk, type ReplayKnock, replayJob, replayQueue } from './replays/replay-desk.ts'
export {
  isOver,
  phaseOf,
  type Replay,
  type ReplayCounts,
  type ReplayExample,
  type ReplayPhase,
  type ReplayProgress,
  type ReplayUnit,
  type Spec,
} from './replays/replay-job.ts'
