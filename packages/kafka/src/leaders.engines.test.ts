import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EngineName, enginesDown, enginesUp, startEngine, stopEngine } from '@dateline/local-engines'
import type { Consumption } from '@dateline/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRealBroker, type RealBroker } from './testing/real-broker.ts'

const NODES: readonly EngineName[] = ['kafka-1', 'kafka-2', 'kafka-3']

/** Starts three brokers of its own; takes minutes. */
describe.skipIf(!process.env.TEST_KAFKA3)('on three brokers whose leaders move', () => {
  let dir: string
  let broker: RealBroker

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'dateline-kafka3-'))
    const kafka = 20_000 + Math.floor(Math.random() * 5_000) * 2
    const { engines } = await enginesUp({ dir, brokers: 3, only: ['kafka'], ports: { kafka } })
    broker = await openRealBroker(engines.map(({ port }) => `127.0.0.1:${port}`))
  }, 180_000)
  afterAll(async () => {
    await broker?.close()
    await enginesDown({ dir, wipe: true })
    await rm(dir, { recursive: true, force: true })
  }, 60_000)

  test('makes topics of three copies, two of which must have a record', async () => {
    const name = broker.topic('copies')
    await broker.log.createTopic({
      name,
      partitions: 3,
      cleanup: 'compact',
      retentionMs: null,
      maxMessageBytes: 10_000,
    })
    const admin = broker.other.admin()
    await admin.connect()
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
    for (const { replicas } of topics[0]?.partitions ?? []) expect(replicas).toHaveLength(3)
    const configs = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name, configNames: ['min.insync.replicas', 'message.timestamp.type'] }],
    })
    expect(configs.resources[0]?.configEntries.map(({ configValue }) => configValue).toSorted()).toEqual([
      '2',
      'LogAppendTime',
    ])
    await admin.disconnect()
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'loses nothing, appends nothing twice and hands everything out while brokers go one by one (%s)',
    async (signal) => {
      const topic = broker.topic(`rolling-${signal.toLowerCase()}`)
      const { log } = broker
      await log.createTopic({
        name: topic,
        partitions: 6,
        cleanup: 'delete',
        retentionMs: null,
        maxMessageBytes: 1_000_000,
      })
      const handled = new Set<string>()
      const members: Consumption[] = []
      for (const reader of [await broker.another(), await broker.another()]) {
        members.push(
          await reader.consume({
            group: topic,
            topics: [topic],
            handle: async (batch) => {
              for (const { value } of batch.records) handled.add(String(value))
              await batch.commit(batch.next)
            },
          }),
        )
      }
      const acknowledged = new Map<string, string>()
      let isSending = true
      const writers = [0, 1, 2, 3].map(async (writer) => {
        for (let round = 0; isSending; round++) {
          const records = Array.from({ length: 8 }, (_, at) => ({
            topic,
            key: `${writer}-${at}`,
            value: `${writer}/${round}/${at}`,
          }))
          const outcomes = await log.append(records)
          for (const [at, outcome] of outcomes.entries()) {
            if (outcome.kind === 'appended')
              acknowledged.set(records[at]?.value ?? '', `${outcome.partition}@${outcome.offset}`)
          }
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      })
      for (const node of NODES) {
        const before = acknowledged.size
        await stopEngine(node, signal, { dir })
        await expect.poll(() => acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(before + 500)
        await startEngine(node, { dir })
      }
      isSending = false
      await Promise.all(writers)

      const stored = new Map<string, string[]>()
      for (const { partition, high } of await log.offsets(topic)) {
        for (let at = 0; at < high; ) {
          const read = await log.read(topic, partition, at, { maxRecords: 1_000 })
          for (const { value, offset } of read) {
            stored.set(String(value), [...(stored.get(String(value)) ?? []), `${partition}@${offset}`])
          }
          at = (read.at(-1)?.offset ?? high) + 1
        }
      }
      const lost = [...acknowledged].filter(([value, where]) => !stored.get(value)?.includes(where))
      const twice = [...stored].filter(([, places]) => places.length > 1)
      console.log(`${signal}: ${acknowledged.size} acknowledged, ${lost.length} lost, ${twice.length} appended twice`)
      expect(lost).toEqual([])
      expect(twice).toEqual([])
      await expect.poll(() => handled.size, { timeout: 60_000 }).toBe(stored.size)
      for (const member of members) await member.stop()
    },
    240_000,
  )
})
