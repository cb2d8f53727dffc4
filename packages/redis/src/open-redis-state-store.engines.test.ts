import { EngineRefusal, type StatePut, type StateStore, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { afterEach, describe, expect, test } from 'vitest'
import { openRedisStateStore } from './open-redis-state-store.ts'
import type { RedisOptions } from './redis-options.ts'
import { type OwnRedis, startOwnRedis } from './testing/own-redis.ts'

const undos: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})

async function ownRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const own = await startOwnRedis(settings)
  undos.push(own.dispose)
  return own
}

async function open(port: number, more: Partial<RedisOptions> = {}): Promise<StateStore> {
  const store = await openRedisStateStore({ host: '127.0.0.1', port, db: 0, tls: false, prefix: 'test', ...more })
  undos.push(store.close)
  return store
}

const at = (offset: number) => ({ logId: 'log', offset })

const write = (seen: number | null, offset: number, puts: readonly StatePut[] = []) => ({
  partition: 0,
  puts,
  expected: { token: 'one', applied: seen === null ? null : at(seen) },
  applied: at(offset),
})

describe.skipIf(!process.env.TEST_REDIS_STATE)('the state in a Redis of our own', () => {
  test('refuses a Redis that may evict, and names the setting', async () => {
    const own = await ownRedis(['--maxmemory-policy', 'allkeys-lru'])
    const opening = open(own.port)
    await expect(opening).rejects.toBeInstanceOf(EngineRefusal)
    await expect(opening).rejects.toThrow('maxmemory-policy to noeviction')
  })

  test('refuses a wrong password and a missing database, and says so', async () => {
    const own = await ownRedis(['--databases', '2'])
    const database = open(own.port, { db: 7 })
    await expect(database).rejects.toBeInstanceOf(EngineRefusal)
    await own.command('CONFIG', 'SET', 'requirepass', 'right')
    for (const more of [{}, { password: 'wrong' }]) {
      const opening = open(own.port, more)
      await expect(opening).rejects.toBeInstanceOf(EngineRefusal)
      await expect(opening).rejects.toThrow('check user, password and rights')
    }
    await open(own.port, { password: 'right' })
  })

  test('says that it is away at the opening when nobody listens', async () => {
    const own = await ownRedis()
    await own.stop()
    await expect(open(own.port)).rejects.toBeInstanceOf(TransientFault)
  })

  test('fails at once while Redis is away, and goes on when it is back', async () => {
    const own = await ownRedis(['--appendfsync', 'always'])
    const store = await open(own.port)
    await store.claim(0, 'one')
    await store.store(write(null, 4, [{ key: 'a', value: '1' }]))
    await own.stop()
    await until('the connection is seen to be gone', () =>
      store.load(0, ['a']).then(
        () => false,
        () => true,
      ),
    )
    const started = performance.now()
    await expect(store.store(write(4, 5))).rejects.toBeInstanceOf(TransientFault)
    expect(performance.now() - started).toBeLessThan(1_000)
    await own.start()
    await until('it answers again', () =>
      store.load(0, []).then(
        () => true,
        () => false,
      ),
    )
    expect(await store.load(0, ['a'])).toMatchObject({ token: 'one', applied: at(4), values: ['1'] })
    expect(await store.store(write(4, 5))).toBe('stored')
  })

  test('does not wait for ever when Redis hangs, and does not do a store twice', async () => {
    const own = await ownRedis()
    const store = await open(own.port, { commandTimeoutMs: 300 })
    await store.claim(0, 'one')
    await store.store(write(null, 0))
    own.freeze()
    await expect(store.store(write(0, 1, [{ key: 'a', value: '1' }]))).rejects.toBeInstanceOf(TransientFault)
    own.thaw()
    await until('the late store is done', async () => (await store.load(0, ['a'])).applied?.offset === 1)
    expect(await store.store(write(0, 1, [{ key: 'a', value: '2' }]))).toBe('refused')
    expect((await store.load(0, ['a'])).values).toEqual(['1'])
  })

  test('calls a command away whose connection breaks before the answer, and never sends it again', async () => {
    const own = await ownRedis(['--appendfsync', 'always'])
    const store = await open(own.port)
    await store.claim(0, 'one')
    await store.store(write(null, 0))
    own.freeze()
    const refused = expect(store.store(write(0, 1))).rejects.toBeInstanceOf(TransientFault)
    await own.kill()
    await own.start()
    await refused
    await until('it answers again', () =>
      store.load(0, []).then(
        () => true,
        () => false,
      ),
    )
    expect(await store.load(0, [])).toMatchObject({ token: 'one', applied: at(0) })
  })

  test('works on when Redis has forgotten its scripts', async () => {
    const own = await ownRedis()
    const store = await open(own.port)
    await store.claim(0, 'one')
    await own.command('SCRIPT', 'FLUSH')
    expect(await store.store(write(null, 0, [{ key: 'a', value: '1' }]))).toBe('stored')
    expect((await store.load(0, ['a'])).values).toEqual(['1'])
  })

  test('tells a wiped Redis from one that has done nothing', async () => {
    const own = await ownRedis()
    const store = await open(own.port)
    await store.claim(0, 'one')
    await store.store(write(null, 9))
    await own.command('FLUSHALL')
    expect(await store.load(0, ['a'])).toMatchObject({ token: null, applied: null })
    expect(await store.store(write(9, 10))).toBe('refused')
    expect(await store.claim(0, 'two')).toBe(null)
  })

  test('refuses nothing half when Redis is full: no put and no position', async () => {
    const own = await ownRedis(['--maxmemory', '4mb'])
    const store = await open(own.port)
    await store.claim(0, 'one')
    let applied = -1
    const fill = async (): Promise<unknown> => {
      for (; applied < 500; applied += 1) {
        const seen = applied === -1 ? null : applied
        await store.store(write(seen, applied + 1, [{ key: `k${applied + 1}`, value: 'x'.repeat(50_000) }]))
      }
      return null
    }
    await expect(fill()).rejects.toBeInstanceOf(TransientFault)
    const loaded = await store.load(0, [`k${applied}`, `k${applied + 1}`])
    expect(loaded.applied).toEqual(at(applied))
    expect(loaded.values[0]).not.toBe(null)
    expect(loaded.values[1]).toBe(null)
  })

  test('sweeps entries past their time, of groups too, and lets a later put keep one', async () => {
    const own = await ownRedis()
    const store = await open(own.port)
    await store.claim(0, 'one')
    const soonMs = Date.now() + 150
    await store.store(
      write(null, 0, [
        { key: 'plain', value: '1', expiresAtMs: soonMs },
        { key: 'grouped', value: '2', group: 'g', expiresAtMs: soonMs },
        { key: 'renewed', value: '3', expiresAtMs: soonMs },
        { key: 'for-ever', value: '4' },
      ]),
    )
    await store.store(write(0, 1, [{ key: 'renewed', value: '5' }]))
    await until('the time has come', () => Date.now() > soonMs + 20)
    await store.store(write(1, 2))
    const loaded = await store.load(0, ['plain', 'grouped', 'renewed', 'for-ever'], ['g'])
    expect(loaded.values).toEqual([null, null, '5', '4'])
    expect(loaded.groups.get('g')?.size).toBe(0)
    await store.clear(0, 'one')
    expect(await own.command('KEYS', '*')).toEqual(['{dl:test:0}:meta'])
  })

  test('moves an entry from one group to another', async () => {
    const own = await ownRedis()
    const store = await open(own.port)
    await store.claim(0, 'one')
    await store.store(write(null, 0, [{ key: 'a', value: '1', group: 'g' }]))
    await store.store(write(0, 1, [{ key: 'a', value: '2', group: 'h' }]))
    expect((await store.load(0, ['a'], ['g', 'h'])).groups).toEqual(
      new Map([
        ['g', new Map()],
        ['h', new Map([['a', '2']])],
      ]),
    )
    await store.store(write(1, 2, [{ key: 'a', value: '3' }]))
    expect(await store.load(0, ['a'], ['h'])).toMatchObject({ values: ['3'], groups: new Map([['h', new Map()]]) })
  })
})
