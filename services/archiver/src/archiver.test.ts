import { readArchived, verifyArchive } from '@dateline/archive'
import { until } from '@dateline/ports/contracts'
import { applyTopics } from '@dateline/runtime'
import { expect, test } from 'vitest'
import { bases, expectWhole, valuesOf } from './testing/expect-archive.ts'
import { useBench } from './testing/use-bench.ts'

const open = useBench()

test('archives every message of every topic of a feed, byte for byte', async () => {
  const on = await open()
  await on.start()
  const sent = [
    await on.send('anp', 30),
    await on.send('anp', 20, { partition: 1 }),
    await on.send('dpa', 5, { isFlash: true }),
  ]
  for (const [topic, partition] of [
    ['wire.anp', 0],
    ['wire.anp', 1],
    ['wire.dpa.flash', 0],
  ] as const)
    await on.caughtUp(topic, partition)
  await expectWhole(on, 55)
  expect(await valuesOf(on, 'wire.anp', 0)).toEqual(sent[0])
  expect(await valuesOf(on, 'wire.anp', 1)).toEqual(sent[1])
  expect(await valuesOf(on, 'wire.dpa.flash', 0)).toEqual(sent[2])
})

test('archives neither rejected messages nor receipts', async () => {
  const on = await open()
  await on.start()
  await on.log.append([
    { topic: 'wire.rejected', key: 'k', value: 'x' },
    { topic: 'wire.receipts', key: 'k', value: 'x' },
  ])
  await on.send('anp', 1)
  await on.caughtUp('wire.anp')
  expect((await verifyArchive(on.archive)).partitions.map((one) => one.topic)).toEqual(['wire.anp'])
})

test('keeps tombstones, empty messages, keys and repeated headers as they are', async () => {
  const on = await open()
  await on.start()
  const headers = [
    ['hop', Buffer.from([0, 255])],
    ['hop', Buffer.from('b')],
  ] as const
  await on.log.append([
    { topic: 'wire.anp', partition: 0, key: 'k', value: null },
    { topic: 'wire.anp', partition: 0, key: null, value: '' },
    { topic: 'wire.anp', partition: 0, key: Buffer.from([1, 200]), value: 'x\n', headers },
  ])
  await on.caughtUp('wire.anp')
  const [info] = await on.log.topics(['wire.anp'])
  const records = await on.log.read('wire.anp', 0, 0, { maxRecords: 10 })
  for (const [offset, record] of records.entries()) {
    const position = { topic: 'wire.anp', logId: info?.logId ?? '', partition: 0, offset }
    expect(await readArchived(on.archive, position)).toEqual(record)
  }
})

test('puts what waits when it is stopped, and commits how far it came', async () => {
  const on = await open({ settings: 'archive: { flushAfter: 1h }\n' })
  const run = await on.start()
  await on.send('anp', 10)
  await until('all was taken', async () => (await on.log.offsets('wire.anp', 'archiver')).length > 0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await bases(on)).toEqual([])
  await run.stop()
  await expectWhole(on, 10)
  expect((await on.log.offsets('wire.anp', 'archiver'))[0]?.committed).toBe(10)
})

test('puts an object when it is full, long before its time', async () => {
  const on = await open({ settings: 'archive: { flushAfter: 1h, flushBytes: 50000 }\n' })
  await on.start()
  await on.send('anp', 100)
  await until('most is archived', async () => (await on.archivedUpTo('wire.anp')) >= 60)
  expect(await verifyArchive(on.archive, { log: on.log })).toMatchObject({ isWhole: true })
})

test('archives a feed that is added while it runs', async () => {
  const on = await open({ isOpen: true })
  await on.start()
  await applyTopics(on.log, [on.feeds.candidate('anp')])
  on.feeds.add('anp')
  await on.send('anp', 3)
  // A second one, to be joined behind the first.
  await applyTopics(on.log, [on.feeds.candidate('dpa'), ...on.feeds.all()])
  on.feeds.add('dpa')
  await on.send('dpa', 3)
  await on.caughtUp('wire.anp')
  await on.caughtUp('wire.dpa')
  await expectWhole(on, 6)
})

test('reads one message back by one ranged read', async () => {
  const on = await open()
  const run = await on.start()
  const sent = await on.send('anp', 40, { bytes: 100_000 })
  await on.caughtUp('wire.anp')
  const [info] = await on.log.topics(['wire.anp'])
  const before = run.archive.gets.length
  const record = await readArchived(run.archive, {
    topic: 'wire.anp',
    logId: info?.logId ?? '',
    partition: 0,
    offset: 25,
  })
  expect(record?.value).toEqual(sent[25])
  expect(run.archive.gets.slice(before).map((get) => get.isRanged)).toEqual([true])
})
