import { randomBytes } from 'node:crypto'
import { openKafkaEventLog, parseKafkaUrl } from '@dateline/kafka'
import { type Archive, type EventLog, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import {
  applyTopics,
  createAlarms,
  createMetrics,
  openFeeds,
  readSettings,
  type Service,
  silentLogger,
} from '@dateline/runtime'
import { openS3Archive } from '@dateline/s3'
import { afterEach, describe, expect, test } from 'vitest'
import { archiver } from './archiver.ts'
import { readArchived, verifyArchive } from './index.ts'
import { type FaultyArchive, faultyArchive } from './testing/faulty-archive.ts'

const { TEST_KAFKA: kafka, TEST_S3: endpoint } = process.env
const undos: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})

const run = randomBytes(5).toString('hex')

async function openLog(): Promise<EventLog> {
  const parsed = parseKafkaUrl(/:\/\//.test(kafka ?? '') ? (kafka ?? '') : `kafka://${kafka}`)
  if (!parsed.ok) throw new Error(parsed.problem)
  const log = await openKafkaEventLog(parsed.options)
  undos.push(() => log.close())
  // A group of its own, so that other runs on the same Kafka are left in peace.
  return {
    ...log,
    consume: (options) => log.consume({ ...options, group: options.group && `${options.group}-${run}` }),
  }
}

async function openArchive(): Promise<Archive> {
  const archive = await openS3Archive({
    bucket: 'wire-archive',
    prefix: `archiver-${run}`,
    endpoint: endpoint ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: 'dateline', secretAccessKey: 'dateline-local' },
  })
  undos.push(() => archive.close())
  return archive
}

async function install(feed: string) {
  const log = await openLog()
  const archive = await openArchive()
  const result = readSettings(
    `suppliers: { t: {} }\nfeeds: { ${feed}: { supplier: t, partitions: 3 } }\narchive: { flushAfter: 200ms, flushBytes: 60000 }\nconsumers: { sessionTimeout: 6s }\n`,
    {},
  )
  if (result.kind === 'faults') throw new Error(result.faults.join())
  const { settings } = result
  const feeds = await openFeeds(settings, log)
  const names = [`wire.${feed}`, `wire.${feed}.flash`]
  await applyTopics(log, feeds.all())
  undos.push(async () => {
    for (const name of names) await log.deleteTopic(name)
  })
  const sent: Buffer[][] = [[], [], []]
  return { log, archive, sent, topic: `wire.${feed}`, start, send }

  async function start(): Promise<{ readonly service: Service; readonly archive: FaultyArchive }> {
    const own = faultyArchive(archive)
    const metrics = createMetrics()
    const alarms = createAlarms(silentLogger, metrics)
    const engines = { log: await openLog(), archive: own }
    const service = archiver({ settings, engines, feeds, log: silentLogger, metrics, alarms })
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
    await until('all is archived', async () => (await verifyArchive(on.archive, { topic: on.topic })).messages >= 720)
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
    await until('all is archived', async () => (await verifyArchive(on.archive, { topic: on.topic })).messages >= 180)
    expect(await verifyArchive(on.archive, { topic: on.topic, log: on.log })).toMatchObject({
      isWhole: true,
      messages: 180,
    })
  })
})
