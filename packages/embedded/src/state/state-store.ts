import type { StateStore } from '@dateline/ports'
import type { Store } from '../store/store.ts'
import { ownerOf } from './state-operations.ts'

/** The state in the store; closing it leaves the store open. */
export function stateStoreOn(store: Store): StateStore {
  return {
    claim: (partition, token) => store.run('claimState', { partition, token }),
    async load(partition, keys, groups = []) {
      return store.read('state', (sql) => {
        const find = sql('SELECT value FROM state WHERE partition = ? AND key = ?')
        const list = sql('SELECT key, value FROM state WHERE partition = ? AND grp = ?')
        return {
          ...ownerOf(sql, partition),
          values: keys.map((key) => textOf(find.get(partition, key)?.value)),
          groups: new Map(
            groups.map((group) => [
              group,
              new Map(list.all(partition, group).map((row) => [String(row.key), String(row.value)])),
            ]),
          ),
        }
      })
    },
    store: (write) => store.run('storeState', write),
    clear: (partition, token) => store.run('clearState', { partition, token }),
    close: async () => undefined,
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
