import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readArchived, verifyArchive } from '@dateline/archive'
import { TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics, type Service } from '@dateline/runtime'
import { afterEach, describe, expect, test } from 'vitest'
import type { ProcessOrder } from './testing/archiver-process.ts'
import { type FaultyArchive, faultyArchive } from './testing/faulty-archive.ts'
import { archiverOn, feedsOf, openRealArchive, openRealLog } from './testing/real-engines.ts'

const { TEST_KAFKA: kafka = '', TEST_S3: endpoint = '' } = process.env
const undos: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})

const run = randomBytes(5).toString('hex')

async function install(feed: string) {
  const place = { kafka, endpoint, run, feed }
  const log = await openLog()
  const archive = await openRealArchive(place)
  undos.push(async () => {
    for await (const { key } of archive.list('raw/')) await archive.remove(key)
    await archive.close()
  })
  const { feeds } = await feedsOf(place, log)
  await applyTopics(log, feeds.all())
  undos.push(async () => {
    for (const name of [`wire.${feed}`, `wire.${feed}.flash`]) await log.deleteTopic(name)
  })
  const sent: Buffer[][] = [[], [], []]
  return { place, log, archive, sent, topic: `wire.${feed}`, start, send, archived }

  async function openLog() {
    const opened = await openRealLog(place)
    undos.push(() => opened.close())
    return opened
  }

  async function start(): Promise<{ readonly service: Service; readonly archive: FaultyArchive }> {
    const own = faultyArchive(archive)
    const service = await archiverOn(place, await openLog(), own)
    undos.push(() => service.stop(5_000))
    await service.start()
    return { service, archive: own }
  }

  async function send(count: number): Promise<void> {
    for (const partition of [0, 1, 2]) {
      const values = Array.from({ length: count }, () => randomBytes(3_000))
      await log.append(values.map((value) => ({ topic: `wire.${feed}`, partition, key: 'k', value })))
      sent[partition]?.push(...values)
    }
  }

  function archived(count: number): Promise<void> {
    const isArchived = async () => (await verifyArchive(archive, { topic: `wire.${feed}` })).messages >= count
    return until('all is archived', isArchived, { limitMs: 45_000 })
  }
}

/** Resolves when the process has killed itself. */
function dyingArchiver(order: ProcessOrder): Promise<NodeJS.Signals | null> {
  const script = new URL('./testing/archiver-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: 'inherit' })
  undos.push(async () => child.kill('SIGKILL'))
  return new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
}

describe.skipIf(!kafka || !endpoint)('the archiver on Kafka and S3', () => {
  test('archives everything byte for byte while members come, go, and lose their puts', {
    timeout: 90_000,
  }, async () => {
    const on = await install(`t${run}a`)
    const first = await on.start()
    await on.send(60)
    const second = await on.start()
    await on.send(60)
    first.archive.setAway(true)
    await on.send(60)
    await first.service.stop(2_000)
    let puts = 0
    second.archive.onPut(async (_key, done) => {
      const outcome = await done()
      puts += 1
      if (puts % 3 === 0) throw new TransientFault('archive', 'The answer was lost')
      return outcome
    })
    await on.send(60)
    await on.archived(720)
    expect(await verifyArchive(on.archive, { topic: on.topic, log: on.log })).toMatchObject({
      isWhole: true,
      messages: 720,
      lost: 0,
    })
    const [info] = await on.log.topics([on.topic])
    for (const partition of [0, 1, 2])
      for (const offset of [0, 59, 60, 130, 239]) {
        const record = await readArchived(on.archive, { topic: on.topic, logId: info?.logId ?? '', partition, offset })
        expect(record?.value).toEqual(on.sent[partition]?.[offset])
      }
  })

  test('lets a zombie and the owner write at the same time without a fork', { timeout: 90_000 }, async () => {
    const on = await install(`t${run}b`)
    const zombie = await on.start()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let puts = 0
    zombie.archive.onPut(async (_key, done) => {
      puts += 1
      await held
      return done()
    })
    await on.send(30)
    await until('the zombie is in its puts', () => puts > 0)
    // What it holds is still to be put when another owns the partitions.
    await zombie.service.stop(1_000)
    await on.start()
    await on.send(30)
    release()
    await on.archived(180)
    expect(await verifyArchive(on.archive, { topic: on.topic, log: on.log })).toMatchObject({
      isWhole: true,
      messages: 180,
    })
  })

  test('has neither gap nor overlap when every archiver is killed at its puts', { timeout: 180_000 }, async () => {
    const on = await install(`t${run}c`)
    for (const [at, dieAt] of (
      ['before-put', 'after-put', 'after-put', 'before-put', 'after-put'] as const
    ).entries()) {
      await on.send(25)
      expect(await dyingArchiver({ ...on.place, dieAt, times: 1 + (at % 3) })).toBe('SIGKILL')
    }
    await on.start()
    await on.send(25)
    await on.archived(450)
    expect(await verifyArchive(on.archive, { topic: on.topic, log: on.log })).toMatchObject({
      isWhole: true,
      messages: 450,
    })
    const [info] = await on.log.topics([on.topic])
    for (const partition of [0, 1, 2])
      for (const [offset, value] of (on.sent[partition] ?? []).entries()) {
        const record = await readArchived(on.archive, { topic: on.topic, logId: info?.logId ?? '', partition, offset })
        expect(record?.value?.equals(value)).toBe(true)
      }
  })
})
