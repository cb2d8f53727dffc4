import type { StateStore } from '@dateline/ports'
import type { Breakage } from './breakages-log.ts'

/** Writes whatever the guard says, as one who looks only at the half of it named. */
const unguarded = (store: StateStore, ignored: 'token' | 'applied'): Partial<StateStore> => ({
  async store(write) {
    const { token, applied } = await store.load(write.partition, [])
    const expected = ignored === 'token' ? { ...write.expected, token: token ?? '' } : { ...write.expected, applied }
    return store.store({ ...write, expected })
  },
})

/** Writes the entries and the position by two calls, and the first without a guard. */
const inPieces = (store: StateStore): Partial<StateStore> => ({
  async store(write) {
    const { token, applied } = await store.load(write.partition, [])
    await store.store({ ...write, expected: { token: token ?? '', applied }, applied })
    return store.store({ ...write, puts: [] })
  },
})

export const stateBreakages: readonly Breakage<StateStore>[] = [
  [
    'tells a partition it does not know from one that has done nothing yet',
    (store) => ({
      async claim(partition, token) {
        const applied = await store.claim(partition, token)
        return applied?.offset === -1 ? null : applied
      },
    }),
  ],
  [
    'stores every put together with the applied position',
    (store) => ({ store: (write) => store.store({ ...write, puts: write.puts.slice(0, 100) }) }),
  ],
  [
    'stores every put together with the applied position',
    (store) => ({ load: (partition, keys, groups) => store.load(partition, [...new Set(keys)], groups) }),
  ],
  [
    'replaces and removes entries',
    (store) => ({
      store: (write) => store.store({ ...write, puts: write.puts.filter(({ value }) => value !== null) }),
    }),
  ],
  [
    'keeps any text under any key',
    (store) => ({
      async load(...asked) {
        const loaded = await store.load(...asked)
        return { ...loaded, values: loaded.values.map((value) => value || null) }
      },
    }),
  ],
  ['refuses an owner whose token is no longer the last, without a trace', (store) => unguarded(store, 'token')],
  ['refuses an owner whose token is no longer the last, without a trace', inPieces],
  ['refuses when the applied position is not as last seen, without a trace', (store) => unguarded(store, 'applied')],
  ['refuses when the applied position is not as last seen, without a trace', inPieces],
  [
    'refuses a partition that nobody claimed',
    (store) => ({
      async store(write) {
        const { token } = await store.load(write.partition, [])
        if (token === null) await store.claim(write.partition, write.expected.token)
        return store.store(write)
      },
    }),
  ],
  ['lets one of many writers with the same sight win', inPieces],
  [
    'loads all entries of a group, and only those',
    (store) => ({
      store: (write) => store.store({ ...write, puts: write.puts.map((put) => ({ ...put, group: 'a' })) }),
    }),
  ],
  [
    'keeps an entry until the time at which it may be forgotten',
    (store) => ({
      store: (write) => store.store({ ...write, puts: write.puts.filter((put) => put.expiresAtMs === undefined) }),
    }),
  ],
  [
    'leaves the applied position missing in the middle of a restore',
    (store) => ({ store: (write) => store.store({ ...write, applied: write.applied ?? { logId: '', offset: -1 } }) }),
  ],
  [
    'forgets a partition only for its owner, and keeps the token',
    (store) => ({
      async clear(partition) {
        const { token } = await store.load(partition, [])
        return store.clear(partition, token ?? '')
      },
    }),
  ],
  ['forgets a partition only for its owner, and keeps the token', () => ({ clear: async () => 'cleared' })],
  [
    'keeps partitions apart',
    (store) => ({
      claim: (_, token) => store.claim(1, token),
      load: (_, keys, groups) => store.load(1, keys, groups),
      store: (write) => store.store({ ...write, partition: 1 }),
      clear: (_, token) => store.clear(1, token),
    }),
  ],
  ['remembers over a restart', () => ({ store: async () => 'stored' })],
]
