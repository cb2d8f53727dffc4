import type { Job, JobVerdict, RunningJob } from '@dateline/ports'
import type { GroupContext } from '../store/group-context.ts'

export function addJob(
  { sql }: GroupContext,
  { queue, job, nowMs }: { readonly queue: string; readonly job: Job; readonly nowMs: number },
): 'added' | 'exists' {
  const { changes } = sql(
    `INSERT INTO jobs (queue, id, data, status, due_ms, attempts, pauses_ms) VALUES (?, ?, ?, 'waiting', ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  ).run(
    queue,
    job.id,
    job.data,
    job.notBeforeMs ?? nowMs,
    job.retry?.attempts ?? 1,
    JSON.stringify(job.retry?.pausesMs ?? []),
  )
  return changes > 0 ? 'added' : 'exists'
}

export function removeJob(
  { sql }: GroupContext,
  { queue, id }: { readonly queue: string; readonly id: string },
): boolean {
  return sql(`DELETE FROM jobs WHERE queue = ? AND id = ? AND status = 'waiting'`).run(queue, id).changes > 0
}

/** A schedule told again as it stands keeps its rhythm, so that restarts neither delay nor hasten it. A changed one starts anew. */
export function scheduleJobs(
  { sql }: GroupContext,
  input: {
    readonly queue: string
    readonly id: string
    readonly everyMs: number
    readonly data: string
    readonly nowMs: number
  },
): void {
  const { queue, id, everyMs, data, nowMs } = input
  const known = sql('SELECT every_ms, data, next_ms FROM schedules WHERE queue = ? AND id = ?').get(queue, id)
  if (known?.every_ms === everyMs && known.data === data) return
  sql(`DELETE FROM jobs WHERE queue = ? AND schedule = ? AND status = 'waiting'`).run(queue, id)
  sql(
    `INSERT INTO schedules (queue, id, every_ms, data, next_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET every_ms = excluded.every_ms, data = excluded.data, next_ms = excluded.next_ms`,
  ).run(queue, id, everyMs, data, known ? nowMs + everyMs : nowMs)
}

/** Takes up to `most` jobs that are due, the longest due first, for this connection to run. */
export function takeJobs(
  group: GroupContext,
  input: { readonly queue: string; readonly owner: string; readonly nowMs: number; readonly most: number },
): RunningJob[] {
  const { queue, owner, nowMs, most } = input
  tick(group, queue, nowMs)
  const due = group
    .sql(
      `SELECT ordinal, id, data, failed_tries, attempts FROM jobs
       WHERE queue = ? AND status = 'waiting' AND due_ms <= ? ORDER BY due_ms, ordinal LIMIT ?`,
    )
    .all(queue, nowMs, most)
  const take = group.sql(`UPDATE jobs SET status = 'running', owner = ? WHERE ordinal = ?`)
  return due.map((row) => {
    take.run(owner, Number(row.ordinal))
    const attempt = Number(row.failed_tries) + 1
    return {
      id: String(row.id),
      data: String(row.data),
      attempt,
      isLastAttempt: attempt >= Number(row.attempts),
    }
  })
}

/** Adds one job for each schedule that is due, unless its last one still waits; missed times are not made up for. */
function tick({ sql }: GroupContext, queue: string, nowMs: number): void {
  const schedules = sql('SELECT id, every_ms, data, next_ms FROM schedules WHERE queue = ? AND next_ms <= ?')
  for (const row of schedules.all(queue, nowMs)) {
    const id = String(row.id)
    const everyMs = Number(row.every_ms)
    const dueMs = Number(row.next_ms)
    sql(
      `INSERT INTO jobs (queue, id, data, status, due_ms, attempts, pauses_ms, schedule)
       SELECT ?, ?, ?, 'waiting', ?, 1, '[]', ?
       WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE queue = ? AND status = 'waiting' AND schedule = ?)
       ON CONFLICT DO NOTHING`,
    ).run(queue, `${id}-${dueMs}`, String(row.data), dueMs, id, queue, id)
    sql('UPDATE schedules SET next_ms = ? WHERE queue = ? AND id = ?').run(
      dueMs + everyMs * (Math.floor((nowMs - dueMs) / everyMs) + 1),
      queue,
      id,
    )
  }
}

/** Records what became of a job; nothing when it was taken from this connection in the meantime. */
export function finishJob(
  group: GroupContext,
  input: {
    readonly queue: string
    readonly id: string
    readonly owner: string
    readonly verdict: JobVerdict
    readonly nowMs: number
  },
): void {
  const { queue, id, owner, verdict, nowMs } = input
  const row = group
    .sql(
      `SELECT ordinal, failed_tries, attempts, pauses_ms, schedule FROM jobs
       WHERE queue = ? AND id = ? AND status = 'running' AND owner = ?`,
    )
    .get(queue, id, owner)
  if (!row) return
  const ordinal = Number(row.ordinal)
  const failedTries = Number(row.failed_tries) + 1
  const end = (status: 'done' | 'failed', reason: string | null) =>
    group
      .sql('UPDATE jobs SET status = ?, owner = NULL, ended_ms = ?, reason = ? WHERE ordinal = ?')
      .run(status, nowMs, reason, ordinal)
  switch (verdict.kind) {
    case 'done':
      if (row.schedule !== null) group.sql('DELETE FROM jobs WHERE ordinal = ?').run(ordinal)
      else end('done', null)
      return
    case 'give-up':
      end('failed', verdict.reason)
      return
    case 'later':
      group
        .sql(`UPDATE jobs SET status = 'waiting', owner = NULL, due_ms = ? WHERE ordinal = ?`)
        .run(verdict.notBeforeMs, ordinal)
      return
    case 'retry': {
      if (failedTries >= Number(row.attempts)) {
        end('failed', verdict.reason)
        return
      }
      const pausesMs: readonly number[] = JSON.parse(String(row.pauses_ms))
      const pauseMs = pausesMs[failedTries - 1] ?? pausesMs.at(-1) ?? 0
      group
        .sql(`UPDATE jobs SET status = 'waiting', owner = NULL, due_ms = ?, failed_tries = ? WHERE ordinal = ?`)
        .run(nowMs + pauseMs, failedTries, ordinal)
    }
  }
}

/** Jobs that ran in connections that are gone are run again. A crash is not a failed try. */
export function requeueJobs({ sql }: GroupContext, { owners }: { readonly owners: readonly string[] }): void {
  for (const owner of owners) {
    sql(`UPDATE jobs SET status = 'waiting', owner = NULL WHERE status = 'running' AND owner = ?`).run(owner)
  }
}
