import type { DatabaseSync } from 'node:sqlite'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type Checkpointer, checkpointerOf } from './checkpointer.ts'
import { commitGroup, failed } from './commit-group.ts'
import { preparedOn, type Statements } from './group-context.ts'
import type { CommitNotice, Request } from './operations.ts'
import { type DatabaseOptions, openDatabase } from './schema.ts'

/** Enough to share a flush among many, little enough that the first of them does not wait for long. */
const mostRequests = 500

/**
 * The thread that writes. Flushing to disk blocks whoever asks for it, so it is done away from the loop that runs the services; what
 * arrives during a flush shares the next one.
 */
const { file, options } = workerData as { readonly file: string; readonly options: DatabaseOptions }
const port = parentPort
if (port === null) throw new Error('writer-thread.ts runs as a worker only')

interface Writing {
  readonly db: DatabaseSync
  readonly sql: Statements
  readonly checkpointer: Checkpointer
}

let writing: Writing | null = null

function open(): Writing {
  const db = openDatabase(file, options)
  return { db, sql: preparedOn(db), checkpointer: checkpointerOf(db, file) }
}

/** A file that does not open is a fault of those who ask now; the next ones try again. */
function commit(requests: readonly Request[]): CommitNotice {
  try {
    writing ??= open()
  } catch (error) {
    return failed(requests, error)
  }
  return commitGroup(writing.db, writing.sql, requests)
}

type Message = readonly Request[] | 'close'

port.on('message', async (first: Message) => {
  const messages = [first, ...arrived()]
  const requests = messages.flatMap((message) => (message === 'close' ? [] : message))
  if (requests.length > 0) {
    port.postMessage(commit(requests))
    writing?.checkpointer.committed()
  }
  if (!messages.includes('close')) return
  await writing?.checkpointer.close()
  writing?.db.close()
  port.close()
})

function arrived(): Message[] {
  const messages: Message[] = []
  for (let count = 0; count < mostRequests; count++) {
    const next: { message: Message } | undefined = port === null ? undefined : receiveMessageOnPort(port)
    if (next === undefined) break
    messages.push(next.message)
  }
  return messages
}
