import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { checkpointerOf } from './checkpointer.ts'
import { commitGroup } from './commit-group.ts'
import { preparedOn } from './group-context.ts'
import type { Request } from './operations.ts'
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

const db = openDatabase(file, options)
const sql = preparedOn(db)
const checkpointer = checkpointerOf(db, file)

type Message = readonly Request[] | 'close'

port.on('message', async (first: Message) => {
  const messages = [first, ...arrived()]
  const requests = messages.flatMap((message) => (message === 'close' ? [] : message))
  if (requests.length > 0) {
    port.postMessage(commitGroup(db, sql, requests))
    checkpointer.committed()
  }
  if (!messages.includes('close')) return
  await checkpointer.close()
  db.close()
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
