import type { Feeds, Metrics, ServiceContext } from '@dateline/runtime'
import type { FastifyRequest } from 'fastify'
import type { Acceptor } from './accept.ts'
import type { Caller } from './keys.ts'
import { unauthorised } from './problem.ts'
import type { ReceiptIndex } from './receipt-index.ts'
import type { StoryWindow } from './story-window.ts'

/** What the routes share. */
export interface Door {
  readonly context: ServiceContext
  readonly feeds: Feeds
  readonly metrics: Metrics
  readonly accept: Acceptor
  readonly receipts: ReceiptIndex
  readonly stories: StoryWindow
  readonly callerOf: (authorization: string | undefined) => Caller | null
  /** Aborts when the gateway stops. */
  readonly stopping: AbortSignal
}

/** The caller, or the 401. */
export function callerOf(door: Pick<Door, 'callerOf'>, request: FastifyRequest): Caller {
  const caller = door.callerOf(request.headers.authorization)
  if (caller === null) throw unauthorised()
  return caller
}
