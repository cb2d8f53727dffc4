import type { RedisOptions } from '@dateline/redis'

export interface BullmqOptions extends RedisOptions {
  /** Told of trouble that is overcome without the caller: a broken connection, a job whose worker died. */
  readonly warn?: (message: string, fields: Readonly<Record<string, unknown>>) => void
  /** A job whose worker does not renew its lock for this long is given to another; 30,000 ms unless said. */
  readonly lockMs?: number
}
