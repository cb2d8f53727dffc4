import { Worker } from 'node:worker_threads'
import { type Engine, TransientFault } from '@dateline/ports'
import {
  type CommitNotice,
  engineOf,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Request,
  type WireFault,
} from './operations.ts'
import type { DatabaseOptions } from './schema.ts'

/** The one way to write: an operation by name, done and on disk when the promise resolves. */
export interface Writer {
  run<Name extends OperationName>(
    name: Name,
    input: OperationInput<Name>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<OperationOutput<Name>>
  /** After all that was asked for is done. */
  close(): Promise<void>
}

interface Pending {
  readonly engine: Engine
  readonly resolve: (output: never) => void
  readonly reject: (error: unknown) => void
}

export interface WriterOptions extends DatabaseOptions {
  readonly onHeads: (heads: CommitNotice['heads']) => void
  /** What the caller of `run` gets for an error of the writer. */
  readonly faultOf: (error: unknown, engine: Engine) => unknown
}

/** Starts the writing thread at the first use: whoever only reads never pays for it. */
export function openWriter(file: string, options: WriterOptions): Writer {
  const pending = new Map<number, Pending>()
  let outbox: Request[] = []
  let transfers: ArrayBuffer[] = []
  let worker: Worker | null = null
  let exited: Promise<void> = Promise.resolve()
  let isClosed = false
  let lastId = 0

  function start(): Worker {
    const started = new Worker(new URL('./writer-thread.ts', import.meta.url), {
      workerData: { file, options: { maxSizeBytes: options.maxSizeBytes } },
    })
    started.on('message', ({ replies, heads }: CommitNotice) => {
      if (heads.length > 0) options.onHeads(heads)
      for (const reply of replies) {
        const asked = pending.get(reply.id)
        pending.delete(reply.id)
        if (reply.isDone) asked?.resolve(reply.output as never)
        else asked?.reject(options.faultOf(errorOf(reply.fault), asked.engine))
      }
      if (pending.size === 0) started.unref()
    })
    let cause: unknown
    started.on('error', (error) => {
      cause = error
    })
    exited = new Promise((resolve) => {
      started.once('exit', () => {
        if (worker === started) worker = null
        abandon(cause)
        resolve()
      })
    })
    return started
  }

  /** What was under way is rolled back or done, nobody knows which: the callers repeat it, to a new thread. */
  function abandon(cause: unknown): void {
    const asked = [...pending.values()]
    pending.clear()
    for (const { engine, reject } of asked) {
      reject(
        isClosed ? closed() : new TransientFault(engine, 'The writing thread ended and is started again', { cause }),
      )
    }
  }

  function send(): void {
    if (outbox.length === 0) return
    worker ??= start()
    worker.ref()
    worker.postMessage(outbox, transfers)
    outbox = []
    transfers = []
  }

  return {
    run(name, input, transfer = []) {
      return new Promise((resolve, reject) => {
        if (isClosed) {
          reject(closed())
          return
        }
        const id = ++lastId
        pending.set(id, { engine: engineOf[name], resolve, reject })
        // What is asked for in one turn of the loop crosses to the thread in one message.
        if (outbox.length === 0) queueMicrotask(send)
        outbox.push({ id, name, input })
        transfers.push(...transfer)
      })
    },
    async close() {
      send()
      isClosed = true
      worker?.ref()
      worker?.postMessage('close')
      await exited
    },
  }
}

const closed = (): Error => new Error('The store is closed')

function errorOf(fault: WireFault): Error {
  const error = new Error(fault.message)
  if (fault.stack !== undefined) error.stack = fault.stack
  return fault.errcode === undefined ? error : Object.assign(error, { errcode: fault.errcode })
}
