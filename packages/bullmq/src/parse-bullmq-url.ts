import { parseRedisUrl } from '@dateline/redis'
import type { BullmqOptions } from './bullmq-options.ts'

export type ParsedBullmqUrl =
  | { readonly ok: true; readonly options: BullmqOptions }
  | { readonly ok: false; readonly problem: string }

/** Jobs lie in a Redis, named as the state's is: `redis://[user]:password@host:port/db?prefix=…`. */
export const parseBullmqUrl = (url: string): ParsedBullmqUrl => parseRedisUrl(url)
