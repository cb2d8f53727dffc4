import type { Applied, StateWrite } from '@dateline/ports'
import type { GroupContext } from '../store/group-context.ts'

type Sql = GroupContext['sql']

/** Token and applied position of a partition, as a writer or a reader sees them. */
export function ownerOf(sql: Sql, partition: number): { token: string | null; applied: Applied | null } {
  const row = sql('SELECT token, log_id, applied FROM state_owners WHERE partition = ?').get(partition)
  if (!row) return { token: null, applied: null }
  const applied = row.log_id === null ? null : { logId: String(row.log_id), offset: Number(row.applied) }
  return { token: String(row.token), applied }
}

export function claimState(
  { sql }: GroupContext,
  { partition, token }: { readonly partition: number; readonly token: string },
): Applied | null {
  const { applied } = ownerOf(sql, partition)
  sql(`INSERT INTO state_owners (partition, token) VALUES (?, ?) ON CONFLICT DO UPDATE SET token = excluded.token`).run(
    partition,
    token,
  )
  return applied
}

/** Whether the partition is still as this owner last saw it. */
export function isAsExpected({ sql }: GroupContext, write: StateWrite): boolean {
  const { token, applied } = ownerOf(sql, write.partition)
  const { expected } = write
  return (
    token === expected.token &&
    applied?.logId === expected.applied?.logId &&
    applied?.offset === expected.applied?.offset
  )
}

export function storeState(group: GroupContext, write: StateWrite): 'stored' | 'refused' {
  if (!isAsExpected(group, write)) return 'refused'
  const put = group.sql(
    `INSERT INTO state (partition, key, value, grp, expires_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, grp = excluded.grp, expires_ms = excluded.expires_ms`,
  )
  const remove = group.sql('DELETE FROM state WHERE partition = ? AND key = ?')
  for (const { key, value, group: family, expiresAtMs } of write.puts) {
    if (value === null) remove.run(write.partition, key)
    else put.run(write.partition, key, value, family ?? null, expiresAtMs ?? null)
  }
  group
    .sql('UPDATE state_owners SET log_id = ?, applied = ? WHERE partition = ?')
    .run(write.applied?.logId ?? null, write.applied?.offset ?? null, write.partition)
  return 'stored'
}

export function clearState(
  { sql }: GroupContext,
  { partition, token }: { readonly partition: number; readonly token: string },
): 'cleared' | 'refused' {
  if (ownerOf(sql, partition).token !== token) return 'refused'
  sql('DELETE FROM state WHERE partition = ?').run(partition)
  sql('UPDATE state_owners SET log_id = NULL, applied = NULL WHERE partition = ?').run(partition)
  return 'cleared'
}
