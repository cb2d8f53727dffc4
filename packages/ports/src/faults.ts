export type Engine = 'log' | 'archive' | 'state' | 'jobs'

/** An engine is away or asks for patience. The work is tried again; the message is never to blame. */
export class TransientFault extends Error {
  readonly engine: Engine
  constructor(engine: Engine, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'TransientFault'
    this.engine = engine
  }
}

/** A partition now belongs to another member. What was decided about it is dropped; its new owner does it again. */
export class OwnershipLost extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'OwnershipLost'
  }
}

/** An engine that refuses for good: wrong credentials, a missing topic, an eviction policy. Says what to do. Ends the process. */
export class EngineRefusal extends Error {
  readonly engine: Engine
  constructor(engine: Engine, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'EngineRefusal'
    this.engine = engine
  }
}
