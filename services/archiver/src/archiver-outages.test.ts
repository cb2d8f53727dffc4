import { verifyArchive } from '@dateline/archive'
import { EngineRefusal } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { bases, expectWhole, valuesOf } from './testing/expect-archive.ts'
import { useBench } from './testing/use-bench.ts'

const open = useBench()

const week = 7 * 24 * 3_600_000

test('writes a gap where the log kept no longer what was not archived yet', async () => {
  let nowMs = Date.now()
  const on = await open({ nowMs: () => nowMs, sweepEveryMs: 20 })
  const first = await on.start()
  await on.send('anp', 5)
  await on.caughtUp('wire.anp')
  await first.stop()
  await on.send('anp', 10)
  nowMs += week + 1_000
  await until('retention took them', async () => (await on.log.offsets('wire.anp'))[0]?.low === 15)
  await on.send('anp', 3)
  const run = await on.start()
  await on.caughtUp('wire.anp')
  expect((await bases(on)).map(([kind, base, next]) => `${kind} ${base}-${next}`)).toContain('gap 5-15')
  await expectWhole(on, 8)
  expect(run.alarms.standing().map((one) => one.alarm)).toContain('retention-loss')
})

test('writes a gap also when retention overtakes it while the archive is away', async () => {
  let nowMs = Date.now()
  const on = await open({
    nowMs: () => nowMs,
    sweepEveryMs: 20,
    settings: 'archive: { flushAfter: 50ms, flushBytes: 1024 }\n',
  })
  const run = await on.start()
  await on.send('anp', 1)
  await on.caughtUp('wire.anp')
  run.archive.setAway(true)
  for (let round = 0; round < 10; round += 1) await on.send('anp', 200)
  await new Promise((resolve) => setTimeout(resolve, 500))
  nowMs += week + 1_000
  await until('retention took them', async () => (await on.log.offsets('wire.anp'))[0]?.low === 2_001)
  await on.send('anp', 3)
  run.archive.setAway(false)
  await on.caughtUp('wire.anp')
  const report = await verifyArchive(on.archive, { log: on.log })
  expect(report.isWhole).toBe(true)
  const kinds = await bases(on)
  const lost = kinds.filter(([kind]) => kind === 'gap').reduce((sum, [, base, next]) => sum + next - base, 0)
  expect(lost).toBeGreaterThan(0)
  expect(report.messages + lost).toBe(2_004)
  expect(run.alarms.standing().map((one) => one.alarm)).toContain('retention-loss')
})

test('catches up without a gap when the archive was away, and holds nobody else up', async () => {
  const on = await open({ settings: 'archive: { flushAfter: 50ms, flushBytes: 20000 }\n' })
  const run = await on.start()
  run.archive.setAway(true)
  const seen: number[] = []
  const others = await on.log.consume({
    group: 'normalizer',
    topics: ['wire.anp'],
    handle: async (batch) => {
      seen.push(...batch.records.map((record) => record.offset))
      await batch.commit(batch.next)
    },
  })
  const sent = [...(await on.send('anp', 100)), ...(await on.send('anp', 100))]
  await until('the other group has all', () => seen.length === 200)
  expect(await on.archivedUpTo('wire.anp')).toBe(0)
  run.archive.setAway(false)
  await on.caughtUp('wire.anp')
  await expectWhole(on, 200)
  expect(await valuesOf(on, 'wire.anp')).toEqual(sent)
  expect(run.failure()).toBe(undefined)
  await others.stop()
})

test('starts while the archive is away, and archives when it is back', async () => {
  const on = await open()
  await on.send('anp', 10)
  const run = await on.start({ before: (archive) => archive.setAway(true) })
  await new Promise((resolve) => setTimeout(resolve, 300))
  run.archive.setAway(false)
  await on.caughtUp('wire.anp')
  await expectWhole(on, 10)
})

test('goes on trying, and says so, when the archive refuses: news in the same process must not end', async () => {
  const on = await open()
  let refuses = true
  const run = await on.start({
    before: (archive) =>
      archive.onPut(async (_key, done) => {
        if (refuses) throw new EngineRefusal('archive', 'The bucket forbids these credentials to put an object.')
        return done()
      }),
  })
  await on.send('anp', 10)
  await until('the alarm stands', () => run.alarms.standing().length > 0)
  expect(run.failure()).toBe(undefined)
  refuses = false
  await on.caughtUp('wire.anp')
  await expectWhole(on, 10)
  await until('the alarm is cleared', () => run.alarms.standing().length === 0)
})

test('says that the log is behind the archive instead of archiving other messages under the same offsets', async () => {
  const on = await open()
  const [info] = await on.log.topics(['wire.anp'])
  const first = await on.start()
  await on.send('dpa', 2)
  await on.caughtUp('wire.dpa')
  await first.stop()
  // A chain that ends at 2, and a log of that id that ends at 0: it was set back.
  for await (const { key } of on.archive.list('raw/v1/wire.dpa/')) {
    const head = await on.archive.head(key)
    await on.archive.put(
      `raw/v1/wire.anp/${info?.logId}/p=0/${key.slice(-20)}`,
      (await on.archive.get(key)) ?? Buffer.alloc(0),
      head?.metadata ?? {},
    )
  }
  const run = await on.start()
  await until('the alarm stands', () =>
    run.alarms.standing().some((one) => one.alarm === 'archive-chain' && one.feed === 'anp'),
  )
  await on.send('anp', 4, { partition: 1 })
  await on.caughtUp('wire.anp', 1)
  expect(run.failure()).toBe(undefined)
})
