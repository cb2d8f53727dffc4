export interface Job {
  /** Unique in its queue while the job exists and for a day after it was done; `[A-Za-z0-9_-]`, not all digits. */
  readonly id: string
  /** JSON text: references, not secrets or content. */
  readonly data: string
  /** Not before this time; absent: at once. */
  readonly notBeforeMs?: number
  /** How often it is tried, and the pause before each further try in milliseconds (the last one repeats). */
  readonly retry?: { readonly attempts: number; readonly pausesMs: readonly number[] }
}

export interface RunningJob {
  readonly id: string
  readonly data: string
  /** 1 for the first try. */
  readonly attempt: number
  readonly isLastAttempt: boolean
}

/** What a handler says of a job. `later` puts it back without counting a try. A thrown error is a failed try. */
export type JobVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly reason: string }
  | { readonly kind: 'later'; readonly notBeforeMs: number }
  | { readonly kind: 'give-up'; readonly reason: string }

export interface WorkOptions {
  /** Jobs at a time; 1 unless said. */
  readonly concurrency?: number
  /**
   * A job whose worker died is run again within this time, as the same try, however often that happens; 60,000 ms unless said, 2,000 at
   * least, and the same from all who work on the queue. A worker that only stands still keeps its jobs for half of it; longer, and another
   * may have one of them as well.
   */
  readonly deadAfterMs?: number
}

export interface JobWork {
  stop(deadlineMs?: number): Promise<void>
}

/** BullMQ, or the SQLite file. Jobs run at least once; a handler is idempotent by job id. Every call throws TransientFault when the engine is away. */
export interface JobQueue {
  /** `exists`: that id is waiting, running or was done within a day; nothing was changed. */
  add(queue: string, job: Job): Promise<'added' | 'exists'>
  /** Adds a job of that name every so often while the schedule stands; the same id replaces the schedule. */
  every(
    queue: string,
    schedule: { readonly id: string; readonly everyMs: number; readonly data: string },
  ): Promise<void>
  /** Removes a waiting job and its id; false when there is none or it is running. */
  remove(queue: string, id: string): Promise<boolean>
  work(queue: string, handler: (job: RunningJob) => Promise<JobVerdict>, options?: WorkOptions): Promise<JobWork>
  counts(
    queue: string,
  ): Promise<{ readonly waiting: number; readonly delayed: number; readonly running: number; readonly failed: number }>
  close(): Promise<void>
}
