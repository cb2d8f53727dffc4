import { createHash } from 'node:crypto'
import type { Applied, StatePut, StateStore } from '@dateline/ports'
import { connectRedis } from './connect-redis.ts'
import { CLAIM, CLEAR, LOAD, STORE } from './partition-scripts.ts'
import { asFault, replyCode } from './redis-faults.ts'
import type { RedisOptions } from './redis-options.ts'

/** Entries past their time that one store removes. */
const SWEEP_LIMIT = 200

const sha1 = new Map([CLAIM, LOAD, STORE, CLEAR].map((lua) => [lua, createHash('sha1').update(lua).digest('hex')]))

/**
 * Opens the state in Redis. Throws EngineRefusal for a Redis that may evict, and TransientFault when it does not answer. A store whose
 * answer was lost throws TransientFault though it may have been done: told again, it is refused, and its owner starts anew from what is there.
 */
export async function openRedisStateStore(options: RedisOptions): Promise<StateStore> {
  const { redis, where } = await connectRedis(options, 'state')

  return {
    async claim(partition, token) {
      const [logId, offset] = (await run(CLAIM, partition, [token])) as [string | null, string | null]
      return appliedFrom(logId, offset)
    },

    async load(partition, keys, groups = []) {
      const reply = await run(LOAD, partition, [String(keys.length), ...keys, ...groups])
      const [[token, logId, offset], values, members] = reply as [(string | null)[], (string | null)[], string[][]]
      return {
        token: token ?? null,
        applied: appliedFrom(logId ?? null, offset ?? null),
        values,
        groups: new Map(groups.map((group, at) => [group, pairs(members[at] ?? [])])),
      }
    },

    async store({ partition, puts, expected, applied }) {
      const stored = await run(STORE, partition, [
        expected.token,
        ...positionArguments(expected.applied),
        ...positionArguments(applied),
        String(SWEEP_LIMIT),
        ...puts.flatMap(putArguments),
      ])
      return stored === 1 ? 'stored' : 'refused'
    },

    async clear(partition, token) {
      return (await run(CLEAR, partition, [token])) === 1 ? 'cleared' : 'refused'
    },

    async close() {
      redis.disconnect()
    },
  }

  async function run(lua: string, partition: number, given: readonly string[]): Promise<unknown> {
    const tag = `{dl:${options.prefix}:${partition}}`
    const keys = ['meta', 'entries', 'group-of', 'groups', 'expiries'].map((name) => `${tag}:${name}`)
    const rest = [...keys, `${tag}:group:`, ...given]
    try {
      return await redis.evalsha(sha1.get(lua) ?? '', keys.length, ...rest)
    } catch (error) {
      if (replyCode(error) !== 'NOSCRIPT') throw asFault(error, 'state', where)
    }
    // A Redis that was restarted has forgotten its scripts.
    try {
      return await redis.eval(lua, keys.length, ...rest)
    } catch (error) {
      throw asFault(error, 'state', where)
    }
  }
}

const appliedFrom = (logId: string | null, offset: string | null): Applied | null =>
  logId === null || offset === null ? null : { logId, offset: Number(offset) }

const positionArguments = (applied: Applied | null): readonly string[] =>
  applied === null ? ['', ''] : [applied.logId, String(applied.offset)]

const putArguments = (put: StatePut): readonly string[] => [
  put.key,
  put.value ?? '',
  put.value === null ? '1' : '0',
  put.group ?? '',
  put.expiresAtMs === undefined ? '' : String(put.expiresAtMs),
]

/** Redis answers a hash as name, value, name, value. */
function pairs(flat: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (let at = 0; at + 1 < flat.length; at += 2) map.set(flat[at] ?? '', flat[at + 1] ?? '')
  return map
}
