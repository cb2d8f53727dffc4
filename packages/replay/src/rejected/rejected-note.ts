/** What was done about a rejected message; a record of `rejected.notes`, its key the position. */
export interface RejectedNote {
  readonly position: string
  readonly feed: string
  /** `retried`: its items went to the publisher. `failed`: it was rejected again. `dropped`: nobody wants it. */
  readonly action: 'retried' | 'failed' | 'dropped'
  /** Retries so far, this one included. */
  readonly tries: number
  /** The attempt that its items carry. */
  readonly attempt?: string
  /** Of a failure. */
  readonly reason?: string
  readonly detail?: string
  /** Of a drop. */
  readonly why?: string
  /** Operator. */
  readonly by: string
  /** RFC 3339. */
  readonly at: string
}

export const notesTopic = 'rejected.notes'

export function readNote(value: Buffer | null): RejectedNote | null {
  try {
    const note = JSON.parse(value?.toString('utf8') ?? 'null') as RejectedNote | null
    return typeof note?.position === 'string' && typeof note.tries === 'number' ? note : null
  } catch {
    return null
  }
}
