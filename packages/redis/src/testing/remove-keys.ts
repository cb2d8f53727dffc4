import { Redis } from 'ioredis'

/** Removes what a run of the tests left under its own prefix in a Redis that it shares. */
export async function removeKeys(url: string, pattern: string): Promise<void> {
  const redis = new Redis(url)
  try {
    for await (const keys of redis.scanStream({ match: pattern, count: 1_000 })) {
      if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]))
    }
  } finally {
    redis.disconnect()
  }
}
