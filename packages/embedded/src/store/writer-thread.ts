import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
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

port.on('message', (first: readonly Request[] | 'close') => {
  if (first === 'close') return close()
  const requests = [...first]
  let isClosing = false
  while (requests.length < mostRequests) {
    const more: { message: readonly Request[] | 'close' } | undefined = receiveMessageOnPort(port)
    if (more === undefined) break
    if (more.message === 'close') {
      isClosing = true
      break
    }
    requests.push(...more.message)
  }
  port.postMessage(commitGroup(db, sql, requests))
  if (isClosing) close()
})

function close(): void {
  db.close()
  port?.close()
}
