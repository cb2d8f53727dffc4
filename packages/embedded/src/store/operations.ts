import type { Engine } from '@dateline/ports'
import { addJob, finishJob, removeJob, requeueJobs, scheduleJobs, takeJobs } from '../jobs/job-operations.ts'
import { appendRecords } from '../log/append-records.ts'
import { applyEffects } from '../log/apply-effects.ts'
import { balance, leaveGroup } from '../log/membership.ts'
import type { PackedRecords } from '../log/pack-records.ts'
import { commitPosition } from '../log/position-operations.ts'
import { sweep } from '../log/sweep.ts'
import { createTopic, deleteTopic } from '../log/topic-operations.ts'
import { claimState, clearState, storeState } from '../state/state-operations.ts'
import type { GroupContext } from './group-context.ts'

/** All that is ever written, by name. Each runs inside a transaction that it may share with others. */
export const operations = {
  append: (group: GroupContext, input: { readonly packed: PackedRecords; readonly nowMs: number }) =>
    appendRecords(group, input.packed, input.nowMs),
  applyEffects,
  balance,
  leaveGroup,
  commitPosition,
  createTopic,
  deleteTopic,
  claimState,
  storeState,
  clearState,
  addJob,
  removeJob,
  scheduleJobs,
  takeJobs,
  finishJob,
  requeueJobs,
  sweep,
}

/** Whose fault it is when the operation fails. */
export const engineOf: Readonly<Record<OperationName, Engine>> = {
  append: 'log',
  applyEffects: 'log',
  balance: 'log',
  leaveGroup: 'log',
  commitPosition: 'log',
  createTopic: 'log',
  deleteTopic: 'log',
  claimState: 'state',
  storeState: 'state',
  clearState: 'state',
  addJob: 'jobs',
  removeJob: 'jobs',
  scheduleJobs: 'jobs',
  takeJobs: 'jobs',
  finishJob: 'jobs',
  requeueJobs: 'jobs',
  sweep: 'log',
}

export type OperationName = keyof typeof operations
export type OperationInput<Name extends OperationName> = Parameters<(typeof operations)[Name]>[1]
export type OperationOutput<Name extends OperationName> = ReturnType<(typeof operations)[Name]>

export interface Request {
  readonly id: number
  readonly name: OperationName
  readonly input: unknown
}

export type Reply =
  | { readonly id: number; readonly isDone: true; readonly output: unknown }
  | { readonly id: number; readonly isDone: false; readonly fault: WireFault }

/** An error on its way between threads, where classes and codes of SQLite do not survive by themselves. */
export interface WireFault {
  readonly message: string
  readonly stack: string | undefined
  readonly errcode: number | undefined
}

/** What the writer tells after each transaction. */
export interface CommitNotice {
  readonly replies: readonly Reply[]
  /** Partitions appended to: head id and the offset that comes next. */
  readonly heads: readonly (readonly [headId: number, next: number])[]
}
