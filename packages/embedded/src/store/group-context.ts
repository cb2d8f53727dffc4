import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { headId } from './schema.ts'

/** What the operations of one transaction share. Made anew for each transaction, so that a rollback leaves nothing behind. */
export interface GroupContext {
  /** The statement of that text, prepared once per connection. */
  sql(text: string): StatementSync
  exec(text: string): void
  /** The topic of that name; null when there is none. */
  topic(name: string): StoredTopic | null
  /** Gives the next offset of a partition. */
  takeOffset(topic: StoredTopic, partition: number): number
  /** Tells every member and reader that topics or members changed. */
  membershipChanged(): void
  /** Writes what was collected; called once, before the commit. */
  flush(): void
  /** The partitions appended to, by head id, with the offset that comes next. */
  readonly heads: ReadonlyMap<number, number>
}

export interface StoredTopic {
  readonly id: number
  readonly name: string
  readonly logId: string
  readonly partitions: number
  readonly maxMessageBytes: number
}

export type Statements = (text: string) => StatementSync

/** Statements of a connection, prepared at first use. */
export function preparedOn(db: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>()
  return (text) => {
    const known = prepared.get(text)
    if (known) return known
    const statement = db.prepare(text)
    prepared.set(text, statement)
    return statement
  }
}

export function groupContext(db: DatabaseSync, sql: Statements): GroupContext {
  const heads = new Map<number, number>()
  const topics = new Map<string, StoredTopic | null>()
  let isMembershipChanged = false
  return {
    sql,
    exec(text) {
      db.exec(text)
      topics.clear()
    },
    topic(name) {
      const known = topics.get(name)
      if (known !== undefined) return known
      const row = sql('SELECT id, name, log_id, partitions, max_message_bytes FROM topics WHERE name = ?').get(name)
      const topic = row
        ? {
            id: Number(row.id),
            name,
            logId: String(row.log_id),
            partitions: Number(row.partitions),
            maxMessageBytes: Number(row.max_message_bytes),
          }
        : null
      topics.set(name, topic)
      return topic
    },
    takeOffset(topic, partition) {
      const id = headId(topic.id, partition)
      const next = heads.get(id) ?? Number(sql('SELECT next FROM heads WHERE id = ?').get(id)?.next ?? 0)
      heads.set(id, next + 1)
      return next
    },
    membershipChanged() {
      isMembershipChanged = true
    },
    flush() {
      for (const [id, next] of heads) sql('UPDATE heads SET next = ? WHERE id = ?').run(next, id)
      if (isMembershipChanged) {
        sql(`INSERT INTO facts VALUES ('membership', 1) ON CONFLICT DO UPDATE SET value = value + 1`).run()
      }
    },
    heads,
  }
}

export type Row = Record<string, SQLInputValue>
