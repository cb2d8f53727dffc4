import { randomBytes } from 'node:crypto'
import { verifyArchive } from '@dateline/archive'
import { type MemoryArchive, memoryArchive, message } from '@dateline/archive/testing'
import { type Batch, OwnershipLost, type TopicInfo, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { createHeldChains, type HeldChains } from './held-chains.ts'

const topic = 'wire.anp'
const info: TopicInfo = {
  name: topic,
  partitions: 1,
  logId: 'log-1',
  maxMessageBytes: 1_000_000,
  cleanup: 'delete',
  retentionMs: null,
}
const log = { topics: async () => [info] }

function chainsOn(archive: MemoryArchive, heldBytes: number): HeldChains {
  return createHeldChains({
    archive,
    log,
    objectBytes: 1_000_000,
    heldBytes,
    onWritten: () => {},
    onLoss: () => {},
    onStopped: () => {},
    onRefused: () => {},
    onFault: () => {},
    onReplaced: () => {},
  })
}

const start = (partition: number) => ({ topic, partition, committed: null, low: 0, high: 0 })

function batchOf(partition: number, from: number, more: Partial<Batch> = {}): Batch {
  const records = [0, 1, 2, 3].map((at) => ({ ...message(from + at), partition, value: randomBytes(2_500) }))
  return {
    topic,
    partition,
    records,
    next: from + 4,
    highWatermark: from + 4,
    fetchedAtMs: 0,
    commit: async () => {},
    stillOwned: async () => true,
    ...more,
  }
}

test('never holds more than it may, however many partitions there are and however long the archive is away', async () => {
  const archive = memoryArchive()
  const most = 100_000
  const chains = chainsOn(archive, most)
  const partitions = Array.from({ length: 30 }, (_, partition) => partition)
  for (const partition of partitions) await chains.open(start(partition))
  archive.setAway(true)
  let refused = 0
  for (const partition of partitions)
    await chains.take(batchOf(partition, 0)).catch((error: unknown) => {
      expect(error).toBeInstanceOf(TransientFault)
      refused += 1
    })
  expect(refused).toBeGreaterThan(15)
  expect(chains.heldBytes()).toBeLessThanOrEqual(most + 12_000)
  expect(chains.heldBytes()).toBeGreaterThan(most / 2)
})

test('puts the fullest partition first when room is needed, and takes on', async () => {
  const archive = memoryArchive()
  const chains = chainsOn(archive, 60_000)
  for (const partition of [0, 1, 2]) await chains.open(start(partition))
  for (const from of [0, 4, 8]) await chains.take(batchOf(1, from))
  await chains.take(batchOf(0, 0))
  expect(archive.objects.size).toBe(0)
  await chains.take(batchOf(2, 0))
  await chains.take(batchOf(2, 4))
  expect([...archive.objects.keys()]).toEqual(['raw/v1/wire.anp/log-1/p=1/00000000000000000000'])
})

test('takes a batch larger than all it may hold, alone', async () => {
  const archive = memoryArchive()
  const chains = chainsOn(archive, 5_000)
  await chains.open(start(0))
  for (const from of [0, 4, 8]) await chains.take(batchOf(0, from))
  await chains.flushOlderThan(0)
  expect(await verifyArchive(archive)).toMatchObject({ isWhole: true, messages: 12 })
})

test('tells the group that it goes on while a put takes long', async () => {
  const archive = memoryArchive()
  const chains = chainsOn(archive, 5_000)
  await chains.open(start(0))
  await chains.take(batchOf(0, 0))
  let asked = 0
  let finish = () => {}
  const put = archive.put
  const slow = new Promise<void>((resolve) => {
    finish = resolve
  })
  archive.put = async (key, bytes, metadata) => {
    await slow
    return put(key, bytes, metadata)
  }
  const taking = chains.take(
    batchOf(0, 4, {
      stillOwned: async () => {
        asked += 1
        return true
      },
    }),
  )
  await until('the group was told', () => asked > 0)
  finish()
  await taking
})

test('commits up to what is archived, never up to what is in memory', async () => {
  const archive = memoryArchive()
  const chains = chainsOn(archive, 1_000_000)
  const committed: number[] = []
  const commit = async (next: number): Promise<void> => void committed.push(next)
  await chains.open(start(0))
  await chains.take(batchOf(0, 0, { commit }))
  expect(committed).toEqual([])
  await chains.flushOlderThan(0)
  await chains.take(batchOf(0, 4, { commit }))
  expect(committed).toEqual([4])
})

test('lets a partition go that is lost: its owner has the messages from the log', async () => {
  const archive = memoryArchive()
  const chains = chainsOn(archive, 1_000_000)
  const commit = async (): Promise<void> => {
    throw new OwnershipLost('dealt to another')
  }
  await chains.open(start(0))
  await chains.take(batchOf(0, 0, { commit }))
  await chains.flushOlderThan(0)
  await expect(chains.take(batchOf(0, 4, { commit }))).rejects.toBeInstanceOf(OwnershipLost)
  expect(chains.heldBytes()).toBe(0)
})
