import type { RedisOptions } from '@dateline/redis'

export interface BullmqOptions extends RedisOptions {
  /** Told of trouble that is overcome without the caller: a broken connection, a job whose worker died. */
  readonly warn?: (message: string, fields: Readonly<Record<string, unknown>>) => void
}
