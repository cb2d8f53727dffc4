import { type LogRecord, TransientFault } from '@dateline/ports'
import { expect, it } from 'vitest'
import { takenByLive } from './taken-by-live.ts'

const nowMs = Date.parse('2026-11-24T12:00:00.000Z')

function event(
  offset: number,
  about: { readonly receivedMs?: number; readonly lane: string; readonly tookMs: number },
) {
  const receivedMs = about.receivedMs ?? nowMs
  const headers: [string, Buffer][] = [
    ['ce_receivedat', Buffer.from(new Date(receivedMs).toISOString())],
    ['ce_lane', Buffer.from(about.lane)],
  ]
  const record: LogRecord = {
    topic: 'stories',
    partition: 0,
    offset,
    timeMs: receivedMs + about.tookMs,
    key: null,
    value: null,
    headers,
  }
  return record
}

const logOf = (events: readonly LogRecord[]) => ({
  offsets: async () => [
    { partition: 0, low: 0, high: events.length, committed: null },
    { partition: 1, low: 4, high: 4, committed: null },
  ],
  read: async (_topic: string, _partition: number, from: number, limits: { readonly maxRecords: number }) =>
    events.slice(from, from + limits.maxRecords),
})

it('tells what live stories took that came in after a time, and nothing of releases, replays and kills', async () => {
  const { headers: _none, ...kill } = event(4, { lane: 'live', tookMs: 7 })
  const events = [
    event(0, { lane: 'live', tookMs: 30 }),
    event(1, { lane: 'replay', tookMs: 900 }),
    event(2, { receivedMs: nowMs - 86_400_000, lane: 'live', tookMs: 86_400_000 }),
    event(3, { lane: 'live', tookMs: 12 }),
    { ...kill, headers: [] },
  ]
  expect(await takenByLive(logOf(events))(nowMs - 3_000)).toEqual([30, 12])
})

it('looks at the newest of each partition', async () => {
  const events = Array.from({ length: 500 }, (_unused, offset) => event(offset, { lane: 'live', tookMs: offset }))
  const taken = await takenByLive(logOf(events))(0)
  expect(taken).toHaveLength(50)
  expect(Math.min(...taken)).toBe(450)
})

it('knows nothing while the log is away', async () => {
  const log = { ...logOf([]), offsets: () => Promise.reject(new TransientFault('log', 'away')) }
  expect(await takenByLive(log)(0)).toEqual([])
})
