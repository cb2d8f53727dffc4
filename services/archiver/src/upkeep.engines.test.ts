import { archivedMessages, findStory, verifyArchive } from '@dateline/archive'
import { allOf, fillChain, message } from '@dateline/archive/testing'
import type { Archive, LogRecord } from '@dateline/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepArchive } from './keep-archive.ts'
import { openRealArchive } from './testing/real-engines.ts'

const endpoint = process.env.TEST_S3 ?? ''
const chain = { topic: 'wire.anp', logId: 'log-1', partition: 0 }
const hourMs = 3_600_000
const startMs = Date.parse('2026-01-01T00:00:00Z')
const hourly = (offset: number): LogRecord => ({ ...message(offset), timeMs: startMs + offset * hourMs })

describe.skipIf(endpoint === '')('upkeep on a real S3 server', () => {
  const run = `upkeep-${Date.now().toString(36)}`
  let archive: Archive

  beforeAll(async () => {
    archive = await openRealArchive({ kafka: '', endpoint, run, feed: 'anp' })
    const starts = Array.from({ length: 25 }, (_, at) => at * 4)
    await fillChain(
      archive,
      chain,
      starts.map((from) => [0, 1, 2, 3].map((at) => hourly(from + at))),
    )
  }, 60_000)

  afterAll(async () => {
    for (const { key } of await allOf(archive.list(''))) await archive.remove(key)
    await archive.close()
  }, 60_000)

  test('joins, indexes and removes, and the chain stays whole', async () => {
    const storiesIn = (record: LogRecord) => [{ item: 0, storyKey: `anp:${record.offset % 10}` }]
    const options = { nowMs: startMs + 100 * hourMs, writer: 'u', storiesIn, joinAfterMs: 0, retentionOf: () => null }
    expect(await allOf(keepArchive(archive, options))).toMatchObject([
      { joined: 24, made: 4, swept: 24, indexed: 5, trouble: null },
    ])
    expect(await allOf(keepArchive(archive, options))).toMatchObject([{ joined: 0, made: 0, swept: 0, indexed: 0 }])
    expect(await allOf(archivedMessages(archive, chain))).toEqual(Array.from({ length: 100 }, (_, at) => hourly(at)))
    const found = await allOf(findStory(archive, 'anp:7', { isOf: () => true, storiesIn }))
    expect(found.map((one) => one.record.offset)).toEqual([7, 17, 27, 37, 47, 57, 67, 77, 87, 97])
    const keep = { ...options, retentionOf: () => ({ ms: 60 * hourMs, reason: 'a contract' }) }
    expect(await allOf(keepArchive(archive, keep))).toMatchObject([{ removedMessages: 24, swept: 1, trouble: null }])
    expect(await verifyArchive(archive)).toMatchObject({ isWhole: true, messages: 76, lost: 24 })
  }, 60_000)
})
