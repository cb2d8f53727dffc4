import { verifyArchive } from '@dateline/archive'
import { allOf } from '@dateline/archive/testing'
import { type Archive, EngineRefusal } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { createAlarms, createMetrics, readSettings, silentLogger } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { expect, test } from 'vitest'
import { keepArchive } from './keep-archive.ts'
import type { Bench } from './testing/bench.ts'
import { useBench } from './testing/use-bench.ts'
import { archiveUpkeep, keepOptions } from './upkeep.ts'

const open = useBench()
const dayMs = 86_400_000

function settingsFor(text: string) {
  const result = readSettings(`suppliers: { anp: { retention: 5d }, dpa: {} }\n${text}`, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  return result.settings
}

const settings = settingsFor('')

/** Three days of messages of both feeds, some objects a day. */
async function threeDays(): Promise<Bench & { readonly startMs: number }> {
  const startMs = Date.parse('2026-03-01T06:00:00Z')
  let nowMs = startMs
  const on = await open({ nowMs: () => nowMs + Math.floor(performance.now()) })
  await on.start()
  for (let day = 0; day < 3; day += 1) {
    for (let round = 0; round < 3; round += 1) {
      for (const feed of ['anp', 'dpa'])
        await on.log.append([
          {
            topic: `wire.${feed}`,
            partition: 0,
            key: feed,
            value: ninjsMessage({ uri: `https://${feed}.example/${day}`, version: String(round + 1) }),
          },
        ])
      await on.caughtUp('wire.anp')
      await on.caughtUp('wire.dpa')
    }
    nowMs += dayMs
  }
  return { ...on, startMs }
}

const objects = async (archive: Archive, prefix: string): Promise<number> => (await allOf(archive.list(prefix))).length

test("keeps a feed as long as its supplier's contract allows, and the others for ever", async () => {
  const on = await threeDays()
  const kept = await allOf(keepArchive(on.archive, keepOptions(settings, on.startMs + 6 * dayMs + 3_600_000)))
  expect(kept.map(({ topic, removedMessages }) => [topic, removedMessages])).toEqual([
    ['wire.anp', 6],
    ['wire.dpa', 0],
  ])
  const report = await verifyArchive(on.archive)
  expect(report.partitions).toMatchObject([
    { topic: 'wire.anp', fault: null, messages: 3, lost: 6 },
    { topic: 'wire.dpa', fault: null, messages: 9, lost: 0 },
  ])
})

test('joins days, and indexes what is there, and finds nothing to do the second time', async () => {
  const on = await threeDays()
  const round = () => allOf(keepArchive(on.archive, { ...keepOptions(settings, on.startMs + 4 * dayMs), feed: 'dpa' }))
  expect(await round()).toMatchObject([{ joined: 6, made: 2, swept: 6, indexed: 5, trouble: null }])
  expect(await round()).toMatchObject([{ joined: 0, made: 0, swept: 0, indexed: 0 }])
  expect((await verifyArchive(on.archive)).isWhole).toBe(true)
  expect(await objects(on.archive, 'raw/v1/wire.dpa/')).toBe(3)
  expect(await objects(on.archive, 'index/')).toBe(5)
})

test('joins nothing and indexes nothing where the settings say so', async () => {
  const on = await threeDays()
  const never = settingsFor('archive: { joinAfter: 0s, index: false }')
  const kept = await allOf(keepArchive(on.archive, keepOptions(never, on.startMs + 4 * dayMs)))
  expect(kept).toMatchObject([
    { joined: 0, indexed: 0 },
    { joined: 0, indexed: 0 },
  ])
})

test('says what a damaged object needs, and goes on with the other partitions', async () => {
  const on = await threeDays()
  const [first] = await allOf(on.archive.list('raw/v1/wire.anp/'))
  const key = first?.key ?? ''
  const [bytes, head] = [await on.archive.get(key), await on.archive.head(key)]
  bytes?.fill(0, 20, 40)
  await on.archive.remove(key)
  await on.archive.put(key, bytes ?? Buffer.alloc(0), head?.metadata)
  const kept = await allOf(keepArchive(on.archive, keepOptions(settings, on.startMs + 4 * dayMs)))
  expect(kept).toMatchObject([
    { topic: 'wire.anp', trouble: expect.stringContaining(`${key} is damaged`) },
    { topic: 'wire.dpa', joined: 6, trouble: null },
  ])
})

test('runs by itself, raises one alarm for a bucket that refuses to remove, and stops at once', async () => {
  const on = await threeDays()
  let refuses = true
  const archive: Archive = {
    ...on.archive,
    async remove(key) {
      if (refuses) throw new EngineRefusal('archive', 'The bucket forbids these credentials to remove an object.')
      await on.archive.remove(key)
    },
  }
  const metrics = createMetrics()
  const alarms = createAlarms(silentLogger, metrics)
  const often = settingsFor('archive: { upkeepEvery: 200ms, joinAfter: 1ms }')
  const engines = { ...on.engines, archive }
  const service = archiveUpkeep({ settings: often, engines, log: silentLogger, metrics, alarms })
  await service.start()
  await until('both alarms stand', () => alarms.standing().length === 2, { limitMs: 10_000 })
  expect(alarms.standing()[0]).toMatchObject({ alarm: 'archive-upkeep', feed: 'anp' })
  expect((await verifyArchive(on.archive)).isWhole).toBe(true)
  refuses = false
  await until('they are cleared', () => alarms.standing().length === 0, { limitMs: 10_000 })
  const { values } = await metrics.archiveUpkeep.get()
  expect(new Set(values.map(({ labels }) => labels.what))).toEqual(new Set(['expired', 'joined', 'removed', 'indexed']))
  const beforeMs = performance.now()
  await service.stop(5_000)
  expect(performance.now() - beforeMs).toBeLessThan(2_000)
})
