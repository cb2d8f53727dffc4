import type { LogRecord } from '@dateline/ports'
import type { StatefulWorker } from '../worker.ts'

/** Counts the records of each key: the smallest fold with a memory. Publishes `<key> <count>`. */
export const countingWorker: StatefulWorker = {
  name: 'counter',
  changelogTopic: 'stories.state',
  needs: ({ records }) => ({ keys: [...new Set(records.map(keyOf))], groups: [] }),
  fold({ partition, logId, records }, state) {
    const counts = new Map<string, number>()
    const lines = records.map((record) => {
      const key = keyOf(record)
      const count = (counts.get(key) ?? Number(state.value(key) ?? 0)) + 1
      counts.set(key, count)
      return { key, count, input: record.offset }
    })
    return {
      appends: lines.map(({ key, count }) => ({ topic: 'stories', partition, key, value: `${key} ${count}` })),
      changelog: lines.map(({ key, count, input }) => ({
        topic: 'stories.state',
        partition,
        key,
        value: JSON.stringify({ input, logId, count }),
      })),
      puts: [...counts].map(([key, count]) => ({ key, value: String(count) })),
      tally: [],
    }
  },
  restore(record) {
    const { input, logId, count } = JSON.parse(record.value?.toString('utf8') ?? '{}') as {
      input: number
      logId: string
      count: number
    }
    return { input, logId, put: { key: keyOf(record), value: String(count) } }
  },
}

const keyOf = (record: LogRecord): string => record.key?.toString('utf8') ?? ''
