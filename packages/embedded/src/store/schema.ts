import { DatabaseSync } from 'node:sqlite'

const schemaVersion = 1

/** A partition's records lie side by side in its topic's table: id = partition * 2^40 + offset. */
export const partitionSpan = 2 ** 40
/** Ids stay below 2^53, so that they are exact as JavaScript numbers. */
export const mostPartitions = 2 ** 13

export const recordId = (partition: number, offset: number): number => partition * partitionSpan + offset
export const headId = (topicId: number, partition: number): number => topicId * mostPartitions + partition
export const recordTable = (topicId: number): string => `records_${topicId}`

export interface DatabaseOptions {
  /** The file never grows beyond this; appends then fail as on a full disk. */
  readonly maxSizeBytes?: number | undefined
}

/** Opens the file as every connection of ours has it: WAL, each commit on disk before it is acknowledged. */
export function openDatabase(file: string, options: DatabaseOptions = {}): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 })
  try {
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = FULL')
    db.exec('PRAGMA temp_store = MEMORY')
    db.exec('PRAGMA cache_size = -32768')
    // The last resort (64 MB) when the thread for checkpoints never catches up with the writer.
    db.exec('PRAGMA wal_autocheckpoint = 16000')
    db.exec('PRAGMA journal_size_limit = 67108864')
    if (options.maxSizeBytes !== undefined) {
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxSizeBytes / 4096))}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Brings the file to our schema; answers `newer` for a file of a later version, and leaves that alone. */
export function prepareSchema(db: DatabaseSync): 'ready' | 'newer' {
  const found = versionOf(db)
  if (found === schemaVersion) return 'ready'
  if (found > schemaVersion) return 'newer'
  db.exec('BEGIN IMMEDIATE')
  try {
    if (versionOf(db) === 0) db.exec(`${tables}; PRAGMA user_version = ${schemaVersion}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
  return 'ready'
}

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)

/** The table of one topic. Only a compacted topic pays for finding the older records of a key. */
export const recordTableDdl = (topicId: number, isCompacted: boolean): string => {
  const table = recordTable(topicId)
  const records = `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, key BLOB, headers BLOB, value BLOB)`
  if (!isCompacted) return records
  return `${records};
    CREATE INDEX ${table}_key ON ${table} (key);
    CREATE INDEX ${table}_tombstone ON ${table} (time_ms) WHERE value IS NULL`
}

const tables = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE topics (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, log_id TEXT NOT NULL, partitions INTEGER NOT NULL,
    cleanup TEXT NOT NULL, retention_ms INTEGER, max_message_bytes INTEGER NOT NULL);
  CREATE TABLE heads (id INTEGER PRIMARY KEY, low INTEGER NOT NULL, next INTEGER NOT NULL, compacted_to INTEGER NOT NULL);

  CREATE TABLE members (
    joined INTEGER PRIMARY KEY AUTOINCREMENT, member TEXT NOT NULL UNIQUE, grp TEXT NOT NULL, owner TEXT NOT NULL,
    topics TEXT NOT NULL, session_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL);
  CREATE INDEX members_of_group ON members (grp);
  CREATE TABLE leases (
    grp TEXT NOT NULL, topic_id INTEGER NOT NULL, partition INTEGER NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (grp, topic_id, partition)) WITHOUT ROWID;
  CREATE TABLE positions (
    grp TEXT NOT NULL, topic_id INTEGER NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY (grp, topic_id, partition)) WITHOUT ROWID;

  CREATE TABLE state_owners (partition INTEGER PRIMARY KEY, token TEXT NOT NULL, log_id TEXT, applied INTEGER);
  CREATE TABLE state (
    partition INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, grp TEXT, expires_ms INTEGER,
    PRIMARY KEY (partition, key)) WITHOUT ROWID;
  CREATE INDEX state_of_group ON state (partition, grp) WHERE grp IS NOT NULL;
  CREATE INDEX state_expiring ON state (expires_ms) WHERE expires_ms IS NOT NULL;

  CREATE TABLE jobs (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL,
    status TEXT NOT NULL, due_ms INTEGER NOT NULL, failed_tries INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL,
    pauses_ms TEXT NOT NULL, schedule TEXT, owner TEXT, ended_ms INTEGER, reason TEXT,
    UNIQUE (queue, id));
  CREATE INDEX jobs_by_status ON jobs (queue, status, due_ms);
  CREATE INDEX jobs_ended ON jobs (ended_ms) WHERE ended_ms IS NOT NULL;
  CREATE TABLE schedules (
    queue TEXT NOT NULL, id TEXT NOT NULL, every_ms INTEGER NOT NULL, data TEXT NOT NULL, next_ms INTEGER NOT NULL,
    PRIMARY KEY (queue, id)) WITHOUT ROWID;
`
