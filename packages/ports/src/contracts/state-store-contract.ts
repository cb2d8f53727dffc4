import { randomInt } from 'node:crypto'
import { expect } from 'vitest'
import type { Applied, StatePut, StateStore, StateWrite } from '../state-store.ts'
import { type ContractPromise, declareContract } from './contract-promise.ts'
import { withCleanup } from './scope.ts'

export interface StateStoreSubject {
  /** Every call opens a new connection to the same store. */
  readonly open: () => Promise<StateStore>
}

interface Bench {
  readonly store: StateStore
  /** A partition that no other check uses. */
  readonly partition: number
  another(): Promise<StateStore>
}

const at = (offset: number, logId = 'log-a'): Applied => ({ logId, offset })

function promise(name: string, check: (bench: Bench) => Promise<void>): ContractPromise<StateStoreSubject> {
  return {
    promise: name,
    check: (subject) =>
      withCleanup(subject, async ({ another, undoLater }) => {
        const store = await another()
        const partition = randomInt(1_000_000, 1_000_000_000)
        undoLater(async () => {
          await store.claim(partition, 'sweeper')
          await store.clear(partition, 'sweeper')
        })
        await check({ store, partition, another })
      }),
  }
}

/** A write of the owner `token` that last saw `seen` and gets to `applied`. */
const write = (
  partition: number,
  token: string,
  seen: Applied | null,
  applied: Applied | null,
  puts: readonly StatePut[] = [],
): StateWrite => ({ partition, puts, expected: { token, applied: seen }, applied })

export const stateStorePromises: readonly ContractPromise<StateStoreSubject>[] = [
  promise('tells a partition it does not know from one that has done nothing yet', async ({ store, partition }) => {
    expect(await store.load(partition, ['a'])).toMatchObject({ token: null, applied: null, values: [null] })
    expect(await store.claim(partition, 'one')).toBe(null)
    expect(await store.store(write(partition, 'one', null, at(-1)))).toBe('stored')
    expect(await store.claim(partition, 'two')).toEqual(at(-1))
    expect(await store.load(partition, [])).toMatchObject({ token: 'two', applied: at(-1) })
  }),

  promise('stores every put together with the applied position', async ({ store, partition, another }) => {
    await store.claim(partition, 'one')
    const puts = Array.from({ length: 300 }, (_, index) => ({ key: `story-${index}`, value: `v${index}` }))
    expect(await store.store(write(partition, 'one', null, at(41), puts))).toBe('stored')
    const loaded = await (await another()).load(partition, ['story-299', 'missing', 'story-0', 'story-0'])
    expect(loaded.values).toEqual(['v299', null, 'v0', 'v0'])
    expect(loaded).toMatchObject({ token: 'one', applied: at(41) })
    const all = await store.load(
      partition,
      puts.map((put) => put.key),
    )
    expect(all.values).toEqual(puts.map((put) => put.value))
  }),

  promise('replaces and removes entries', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    const first = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]
    const second = [
      { key: 'a', value: null },
      { key: 'b', value: '3' },
      { key: 'never-there', value: null },
    ]
    await store.store(write(partition, 'one', null, at(0), first))
    expect(await store.store(write(partition, 'one', at(0), at(1), second))).toBe('stored')
    expect((await store.load(partition, ['a', 'b'])).values).toEqual([null, '3'])
  }),

  promise('keeps any text under any key', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    const texts = { 'anp:{x}:1 "q"\n\\': 'Oekraïne 🗞\0\n"', 'sleutel:ë鍵': '', '*?[a]': 'x'.repeat(200_000) }
    const puts = Object.entries(texts).map(([key, value]) => ({ key, value }))
    expect(await store.store(write(partition, 'one', null, at(0), puts))).toBe('stored')
    expect((await store.load(partition, Object.keys(texts))).values).toEqual(Object.values(texts))
  }),

  promise(
    'refuses an owner whose token is no longer the last, without a trace',
    async ({ store, partition, another }) => {
      await store.claim(partition, 'one')
      await store.store(write(partition, 'one', null, at(0), [{ key: 'a', value: 'old', group: 'g' }]))
      expect(await (await another()).claim(partition, 'two')).toEqual(at(0))
      const puts = [
        { key: 'a', value: 'zombie', group: 'g' },
        { key: 'b', value: 'zombie', group: 'g' },
      ]
      expect(await store.store(write(partition, 'one', at(0), at(1), puts))).toBe('refused')
      const loaded = await store.load(partition, ['a', 'b'], ['g'])
      expect(loaded).toMatchObject({ token: 'two', applied: at(0), values: ['old', null] })
      expect(loaded.groups.get('g')).toEqual(new Map([['a', 'old']]))
    },
  ),

  promise('refuses when the applied position is not as last seen, without a trace', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    await store.store(write(partition, 'one', null, at(5), [{ key: 'a', value: 'old' }]))
    const puts = [{ key: 'a', value: 'twice' }]
    for (const seen of [null, at(4), at(6), at(5, 'log-b')]) {
      expect(await store.store(write(partition, 'one', seen, at(7), puts))).toBe('refused')
    }
    expect(await store.load(partition, ['a'])).toMatchObject({ applied: at(5), values: ['old'] })
    expect(await store.store(write(partition, 'one', at(5), at(7), puts))).toBe('stored')
  }),

  promise('refuses a partition that nobody claimed', async ({ store, partition }) => {
    expect(await store.store(write(partition, 'one', null, at(0), [{ key: 'a', value: '1' }]))).toBe('refused')
    expect(await store.load(partition, ['a'])).toMatchObject({ token: null, applied: null, values: [null] })
  }),

  promise('lets one of many writers with the same sight win', async ({ store, partition, another }) => {
    await store.claim(partition, 'one')
    const other = await another()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? store : other).store(
          write(partition, 'one', null, at(index), [
            { key: 'winner', value: String(index) },
            { key: `trace-${index}`, value: 'x' },
          ]),
        ),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1)
    const winner = outcomes.indexOf('stored')
    const traces = outcomes.map((_, index) => `trace-${index}`)
    const loaded = await store.load(partition, ['winner', ...traces])
    expect(loaded.applied).toEqual(at(winner))
    expect(loaded.values).toEqual([String(winner), ...traces.map((_, index) => (index === winner ? 'x' : null))])
  }),

  promise('loads all entries of a group, and only those', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    const puts = [
      { key: 'a1', value: '1', group: 'a' },
      { key: 'a2', value: '2', group: 'a' },
      { key: 'b1', value: '3', group: 'b' },
      { key: 'alone', value: '4' },
    ]
    await store.store(write(partition, 'one', null, at(0), puts))
    await store.store(write(partition, 'one', at(0), at(1), [{ key: 'a1', value: null, group: 'a' }]))
    await store.store(write(partition, 'one', at(1), at(2), [{ key: 'b1', value: '5', group: 'b' }]))
    const loaded = await store.load(partition, ['b1'], ['a', 'b', 'empty'])
    expect(loaded.values).toEqual(['5'])
    expect(loaded.groups.get('a')).toEqual(new Map([['a2', '2']]))
    expect(loaded.groups.get('b')).toEqual(new Map([['b1', '5']]))
    expect(loaded.groups.get('empty')?.size ?? 0).toBe(0)
  }),

  promise('keeps an entry until the time at which it may be forgotten', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    const puts = [{ key: 'a', value: '1', group: 'g', expiresAtMs: Date.now() + 3_600_000 }]
    await store.store(write(partition, 'one', null, at(0), puts))
    const loaded = await store.load(partition, ['a'], ['g'])
    expect(loaded.values).toEqual(['1'])
    expect(loaded.groups.get('g')).toEqual(new Map([['a', '1']]))
  }),

  promise('leaves the applied position missing in the middle of a restore', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    expect(await store.store(write(partition, 'one', null, null, [{ key: 'a', value: '1' }]))).toBe('stored')
    expect(await store.load(partition, ['a'])).toMatchObject({ applied: null, values: ['1'] })
    expect(await store.store(write(partition, 'one', null, at(9), [{ key: 'b', value: '2' }]))).toBe('stored')
    expect(await store.load(partition, ['a', 'b'])).toMatchObject({ applied: at(9), values: ['1', '2'] })
  }),

  promise('forgets a partition only for its owner, and keeps the token', async ({ store, partition }) => {
    await store.claim(partition, 'one')
    await store.store(write(partition, 'one', null, at(3), [{ key: 'a', value: '1', group: 'g' }]))
    expect(await store.clear(partition, 'another')).toBe('refused')
    expect(await store.load(partition, ['a'])).toMatchObject({ token: 'one', applied: at(3), values: ['1'] })
    expect(await store.clear(partition, 'one')).toBe('cleared')
    const loaded = await store.load(partition, ['a'], ['g'])
    expect(loaded).toMatchObject({ token: 'one', applied: null, values: [null] })
    expect(loaded.groups.get('g')?.size ?? 0).toBe(0)
    expect(await store.store(write(partition, 'one', null, at(0)))).toBe('stored')
  }),

  promise('keeps partitions apart', async ({ store, partition }) => {
    const neighbour = partition + 1
    await store.claim(partition, 'one')
    await store.claim(neighbour, 'two')
    await store.store(write(partition, 'one', null, at(3), [{ key: 'a', value: '1', group: 'g' }]))
    expect(await store.load(neighbour, ['a'])).toMatchObject({ token: 'two', applied: null, values: [null] })
    await store.store(write(neighbour, 'two', null, at(8), [{ key: 'a', value: '2', group: 'g' }]))
    await store.clear(neighbour, 'two')
    const loaded = await store.load(partition, ['a'], ['g'])
    expect(loaded).toMatchObject({ token: 'one', applied: at(3), values: ['1'] })
    expect(loaded.groups.get('g')).toEqual(new Map([['a', '1']]))
  }),

  promise('remembers over a restart', async ({ store, partition, another }) => {
    const before = await another()
    await before.claim(partition, 'one')
    await before.store(write(partition, 'one', null, at(3), [{ key: 'a', value: '1', group: 'g' }]))
    await before.close()
    const loaded = await store.load(partition, ['a'], ['g'])
    expect(loaded).toMatchObject({ token: 'one', applied: at(3), values: ['1'] })
    expect(loaded.groups.get('g')).toEqual(new Map([['a', '1']]))
  }),
]

/** What every StateStore promises, one test each. */
export function stateStoreContract(name: string, subject: StateStoreSubject): void {
  declareContract(`${name}: state store`, stateStorePromises, subject)
}
