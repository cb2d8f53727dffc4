import { verifyArchive } from '@dateline/archive'
import { type EventLog, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { bases, expectWhole, valuesOf } from './testing/expect-archive.ts'
import { useBench } from './testing/use-bench.ts'

const open = useBench()

test('goes on at the end of the chain, not at the committed position', async () => {
  const on = await open()
  const first = await on.start()
  await on.send('anp', 10)
  await on.caughtUp('wire.anp')
  await first.stop()
  // The commit that belongs to the object was lost with its process.
  const back = await on.another()
  const consumption = await back.log.consume({
    group: 'archiver',
    topics: ['wire.anp'],
    startAt: async () => 0,
    maxRecords: 3,
    handle: async (batch) => batch.commit(Math.min(3, batch.next)),
  })
  await until(
    'an older position is committed',
    async () => (await on.log.offsets('wire.anp', 'archiver'))[0]?.committed === 3,
  )
  await consumption.stop()
  await on.send('anp', 10)
  await on.start()
  await on.caughtUp('wire.anp')
  await expectWhole(on, 20)
  for (const [, base] of await bases(on)) expect(base === 0 || base >= 10).toBe(true)
})

test('loses and repeats nothing when it dies between the put and the commit', async () => {
  const on = await open()
  const dying = await on.start({
    before: (archive) =>
      archive.onPut(async (_key, done) => {
        await done()
        throw new TypeError('the process ends here')
      }),
  })
  await on.send('anp', 10)
  await until('it died', () => dying.failure() !== undefined)
  await dying.stop()
  await on.send('anp', 7)
  await on.start()
  await on.caughtUp('wire.anp')
  await expectWhole(on, 17)
})

test('loses and repeats nothing when answers of the archive are lost', async () => {
  const on = await open()
  let turn = 0
  await on.start({
    before: (archive) =>
      archive.onPut(async (_key, done) => {
        const outcome = await done()
        turn += 1
        if (turn % 2 === 1) throw new TransientFault('archive', 'The answer was lost')
        return outcome
      }),
  })
  const sent: Buffer[] = []
  for (let round = 0; round < 5; round += 1) {
    sent.push(...(await on.send('anp', 10)))
    await on.caughtUp('wire.anp')
  }
  await expectWhole(on, 50)
  expect(await valuesOf(on, 'wire.anp')).toEqual(sent)
})

for (const [name, theirs, ours] of [
  ['shorter than', 4, 10],
  ['longer than', 10, 4],
  ['as long as', 6, 6],
] as const) {
  test(`goes on behind an object that another archiver made, ${name} its own`, async () => {
    const on = await open()
    const other = await on.start()
    const sent = [...(await on.send('anp', theirs))]
    await on.caughtUp('wire.anp')
    await other.stop()
    if (ours > theirs) sent.push(...(await on.send('anp', ours - theirs)))
    // It looked before the other one wrote, as an archiver that does not know that it lost the partition.
    const run = await on.start({ before: (archive) => archive.setBlind(true) })
    sent.push(...(await on.send('anp', 5)))
    await on.caughtUp('wire.anp')
    await expectWhole(on, sent.length)
    expect(await valuesOf(on, 'wire.anp')).toEqual(sent)
    expect(run.alarms.standing()).toEqual([])
  })
}

test('stops a partition whose place is taken by something else, raises an alarm, and keeps the others going', async () => {
  const on = await open()
  const other = await on.start()
  await on.send('anp', 3)
  await on.caughtUp('wire.anp')
  await other.stop()
  // The same log id with other messages: as after a log was set back.
  const [object] = await (async () => {
    const keys: string[] = []
    for await (const { key } of on.archive.list('raw/v1/wire.anp/')) keys.push(key)
    return keys
  })()
  const foreign = await on.archive.get(object ?? '')
  const head = await on.archive.head(object ?? '')
  for (const feed of ['dpa']) {
    const [info] = await on.log.topics([`wire.${feed}`])
    await on.archive.put(
      `raw/v1/wire.dpa/${info?.logId}/p=0/00000000000000000000`,
      foreign ?? Buffer.alloc(0),
      head?.metadata ?? {},
    )
  }
  const run = await on.start({ before: (archive) => archive.setBlind(true) })
  await on.send('dpa', 5)
  await until('the alarm stands', () =>
    run.alarms.standing().some((one) => one.alarm === 'archive-chain' && one.feed === 'dpa'),
  )
  await on.send('anp', 5)
  await on.send('anp', 5, { partition: 1 })
  await on.caughtUp('wire.anp', 0)
  await on.caughtUp('wire.anp', 1)
  expect(run.failure()).toBe(undefined)
})

test('keeps every partition going while more of them are stopped than run side by side', async () => {
  const on = await open({
    settings: 'archive: { flushAfter: 50ms, flushBytes: 1024 }\n',
  })
  for (const [topic, partition] of [
    ['wire.anp', 0],
    ['wire.anp', 1],
    ['wire.anp.flash', 0],
    ['wire.dpa.flash', 0],
  ] as const) {
    const [info] = await on.log.topics([topic])
    await on.archive.put(`raw/v1/${topic}/${info?.logId}/p=${partition}/00000000000000000000`, Buffer.from('foreign'), {
      other: 'x',
    })
  }
  const run = await on.start({ before: (archive) => archive.setBlind(true) })
  await on.send('anp', 50)
  await on.send('anp', 50, { partition: 1 })
  await on.send('anp', 50, { isFlash: true })
  await on.send('dpa', 50, { isFlash: true })
  await until('alarms stand', () => run.alarms.standing().length > 0)
  await on.send('dpa', 20)
  await on.caughtUp('wire.dpa')
})

test('begins a chain of its own for a topic that was made anew, also while it runs', async () => {
  const on = await open()
  await on.start()
  await on.send('anp', 8)
  await on.caughtUp('wire.anp')
  const [old] = await on.log.topics(['wire.anp'])
  await on.log.deleteTopic('wire.anp')
  await on.log.createTopic({
    name: 'wire.anp',
    partitions: 2,
    cleanup: 'delete',
    retentionMs: 604_800_000,
    maxMessageBytes: 12_582_912,
  })
  const sent = await on.send('anp', 12)
  await on.caughtUp('wire.anp')
  const report = await verifyArchive(on.archive, { log: on.log })
  expect(report.isWhole).toBe(true)
  expect(report.partitions.map((one) => [one.logId === old?.logId, one.messages]).toSorted()).toEqual([
    [false, 12],
    [true, 8],
  ])
  expect(await valuesOf(on, 'wire.anp')).toEqual(sent)
})

test('reads everything anew when it was the archiver that noticed that the topic was made anew', async () => {
  const on = await open({ settings: 'archive: { flushAfter: 300ms }\n' })
  let suffix = ''
  const log: EventLog = {
    ...on.log,
    topics: async (names) =>
      (await on.log.topics(names)).map((info) => ({
        ...info,
        logId: info.logId === null ? null : info.logId + suffix,
      })),
  }
  await on.start({ engines: { ...on.engines, log } })
  await on.send('anp', 5)
  await on.caughtUp('wire.anp')
  // Quiet afterwards: no batch comes that could tell.
  await on.send('anp', 3)
  suffix = '-2'
  await until(
    'the new chain holds all that the log holds',
    async () => {
      const report = await verifyArchive(on.archive)
      return report.partitions.some((one) => one.logId.endsWith('-2') && one.messages === 8)
    },
    { limitMs: 10_000 },
  )
  expect(await verifyArchive(on.archive)).toMatchObject({ isWhole: true, messages: 13 })
})
