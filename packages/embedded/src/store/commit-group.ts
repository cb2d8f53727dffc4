import type { DatabaseSync } from 'node:sqlite'
import { type GroupContext, groupContext, type Statements } from './group-context.ts'
import { type CommitNotice, operations, type Reply, type Request, type WireFault } from './operations.ts'
import { isBusy } from './sqlite-faults.ts'

/**
 * Runs the requests in one transaction with one flush to disk. When one of them fails, all are undone and done again one by one, so
 * that only the culprit fails.
 */
export function commitGroup(db: DatabaseSync, sql: Statements, requests: readonly Request[]): CommitNotice {
  try {
    db.exec('BEGIN IMMEDIATE')
    const group = groupContext(db, sql)
    const replies = requests.map((request) => perform(group, request))
    group.flush()
    db.exec('COMMIT')
    return { replies, heads: [...group.heads] }
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    if (requests.length > 1 && !isBusy(error)) return joined(requests.map((request) => commitGroup(db, sql, [request])))
    return failed(requests, error)
  }
}

/** Nothing was written; all are told why. */
export function failed(requests: readonly Request[], error: unknown): CommitNotice {
  const fault = wireFault(error)
  return { replies: requests.map(({ id }) => ({ id, isDone: false, fault })), heads: [] }
}

function perform(group: GroupContext, { id, name, input }: Request): Reply {
  const operation: (group: GroupContext, input: never) => unknown = operations[name]
  return { id, isDone: true, output: operation(group, input as never) }
}

const joined = (notices: readonly CommitNotice[]): CommitNotice => ({
  replies: notices.flatMap((notice) => notice.replies),
  heads: notices.flatMap((notice) => notice.heads),
})

function wireFault(error: unknown): WireFault {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, errcode: undefined }
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
  return { message: error.message, stack: error.stack, errcode }
}
