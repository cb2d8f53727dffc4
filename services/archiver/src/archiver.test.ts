import { EngineRefusal, type EventLog, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics } from '@dateline/runtime'
import { afterEach, expect, test } from 'vitest'
import { listArchive, readArchived, verifyArchive } from './index.ts'
import { type Bench, type BenchOptions, openBench } from './testing/bench.ts'

let bench: Bench | null = null
afterEach(async () => {
  await bench?.close()
  bench = null
})

async function open(options: BenchOptions = {}): Promise<Bench> {
  bench = await openBench(options)
  return bench
}

/** Whole, and holding exactly what the log holds. */
async function expectWhole({ archive, log }: Bench, messages: number): Promise<void> {
  const report = await verifyArchive(archive, { log })
  expect(report.partitions.filter((one) => one.fault !== null)).toEqual([])
  expect(report).toMatchObject({ isWhole: true, messages })
}

async function valuesOf({ archive, log }: Bench, topic: string, partition = 0): Promise<(Buffer | null)[]> {
  const [info] = await log.topics([topic])
  const values: (Buffer | null)[] = []
  const high = (await log.offsets(topic))[partition]?.high ?? 0
  for (let offset = 0; offset < high; offset += 1) {
    const record = await readArchived(archive, { topic, logId: info?.logId ?? '', partition, offset })
    if (record) values.push(record.value)
  }
  return values
}

const bases = async ({ archive }: Bench): Promise<(readonly [string, number, number])[]> => {
  const found: (readonly [string, number, number])[] = []
  for await (const object of listArchive(archive)) found.push([object.kind, object.base, object.next])
  return found
}

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
  await expectWhole(on, await on.archivedUpTo('wire.anp'))
})

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
