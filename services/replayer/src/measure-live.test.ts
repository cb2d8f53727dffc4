import { type LogRecord, type PartitionOffsets, TransientFault } from '@dateline/ports'
import { encodeParsedRecord } from '@dateline/story'
import { expect, it } from 'vitest'
import { measureLive } from './measure-live.ts'

const nowMs = 1_000_000
const feeds = { all: () => [{ name: 'sim' } as never] }

/** A log with one record waiting in a topic, of an age, behind so many done. */
function logWith(waiting: {
  readonly topic: string
  readonly ageMs: number
  readonly lane?: string
  readonly count?: number
}) {
  const { topic, ageMs, lane = 'live', count = 1 } = waiting
  const info = { logId: 'x', partitions: 1, maxMessageBytes: 1, cleanup: 'delete', retentionMs: null } as const
  const names = ['wire.sim', 'stories.parsed']
  return {
    topics: async () => names.map((name) => ({ name, ...info })),
    offsets: async (name: string): Promise<readonly PartitionOffsets[]> => [
      { partition: 0, low: 0, high: 5 + (name === topic ? count : 0), committed: 5 },
    ],
    read: async (name: string, partition: number, offset: number): Promise<readonly LogRecord[]> => [
      {
        topic: name,
        partition,
        offset,
        timeMs: nowMs - ageMs,
        key: null,
        value: encodeParsedRecord({ kind: 'item', lane } as never, ''),
        headers: [],
      },
    ],
  }
}

it.each([
  ['the lag of the publisher', { topic: 'stories.parsed', ageMs: 20, count: 40 }, { lag: 40, latencyMs: 20 }],
  ['how long a message waits for the normalizer', { topic: 'wire.sim', ageMs: 700 }, { lag: 0, latencyMs: 700 }],
  ['how long an item waits for the publisher', { topic: 'stories.parsed', ageMs: 300 }, { lag: 1, latencyMs: 300 }],
  [
    'no latency of what a replay itself appended',
    { topic: 'stories.parsed', ageMs: 900, lane: 'replay' },
    { lag: 1, latencyMs: 0 },
  ],
  ['nothing where nothing waits', { topic: 'none', ageMs: 0 }, { lag: 0, latencyMs: 0 }],
])('sees %s', async (_name, waiting, expected) => {
  expect(await measureLive(logWith(waiting), feeds, () => nowMs)()).toEqual(expected)
})

it('knows nothing while the log is away', async () => {
  const away = {
    ...logWith({ topic: 'none', ageMs: 0 }),
    topics: () => Promise.reject(new TransientFault('log', 'away')),
  }
  expect(await measureLive(away, feeds)()).toBeNull()
})
