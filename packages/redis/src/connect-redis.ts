import { type Engine, EngineRefusal } from '@dateline/ports'
import { Redis } from 'ioredis'
import { asFault, replyCode } from './redis-faults.ts'
import type { RedisOptions } from './redis-options.ts'

export interface RedisConnection {
  readonly redis: Redis
  /** For messages: the host, never the password. */
  readonly where: string
}

/**
 * Connects, and proves that this Redis keeps what it is given. Throws TransientFault when it does not answer, EngineRefusal for wrong
 * credentials, a missing database, or a `maxmemory-policy` that evicts. Afterwards commands fail at once while it is away; it
 * reconnects by itself.
 */
export async function connectRedis(options: RedisOptions, engine: Engine): Promise<RedisConnection> {
  const where = `Redis at ${options.host}:${options.port}`
  const redis = new Redis(clientOptions(options))
  // `connect` rejects with "Connection is closed"; why it was closed comes by this event.
  let lastError: unknown = null
  redis.on('error', (error: unknown) => {
    lastError = error
  })
  try {
    await redis.connect()
    lastError = null
    // ioredis goes on in database 0 when it cannot select another one at the connection.
    await redis.select(options.db)
    await refuseEviction(redis, engine, where)
  } catch (error) {
    redis.disconnect()
    throw openingFault(replyCode(error) === null ? (lastError ?? error) : error, engine, where)
  }
  return { redis, where }
}

/** Fails fast, reconnects by itself, repeats nothing. */
export function clientOptions(options: RedisOptions) {
  return {
    host: options.host,
    port: options.port,
    db: options.db,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.tls ? { tls: { servername: options.host } } : {}),
    lazyConnect: true,
    connectTimeout: options.connectTimeoutMs ?? 2_000,
    commandTimeout: options.commandTimeoutMs ?? 5_000,
    // A command whose answer was lost is never sent again behind the caller's back: it may have been done.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000) * (0.5 + Math.random() / 2),
    // After a failover this connection may lead to what is now a replica.
    reconnectOnError: (error: Error) => replyCode(error) === 'READONLY',
  }
}

/** INFO says the policy also where CONFIG is forbidden, as on hosted instances. */
async function refuseEviction(redis: Redis, engine: Engine, where: string): Promise<void> {
  const info = await redis.info('memory')
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1]
  if (policy === 'noeviction') return
  throw new EngineRefusal(
    engine,
    `${where} may evict what Dateline keeps there (maxmemory-policy ${policy ?? 'unknown'}): set maxmemory-policy to noeviction.`,
  )
}

function openingFault(error: unknown, engine: Engine, where: string): unknown {
  const fault = asFault(error, engine, where)
  if (fault !== error || fault instanceof EngineRefusal) return fault
  return new EngineRefusal(engine, `${where} refused the connection: ${(error as Error).message}. Check its URL.`, {
    cause: error,
  })
}
