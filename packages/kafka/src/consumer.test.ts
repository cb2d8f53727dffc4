import {
  type Batch,
  type ConsumeOptions,
  type Consumption,
  EngineRefusal,
  type EventLog,
  TransientFault,
} from '@dateline/ports'
import { afterEach, describe, expect, test } from 'vitest'
import { openKafkaEventLog } from './index.ts'
import { type FakeKafka, startFakeKafka } from './testing/fake-kafka.ts'

/** Looks again until it holds, also on a machine that is busy. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 })

let kafka: FakeKafka
let log: EventLog
let consumption: Consumption
let batches: Batch[]

afterEach(async () => {
  await consumption?.stop(200)
  await log.close()
  await kafka.close()
})

async function start(nodes = 1): Promise<void> {
  kafka = await startFakeKafka({ nodes, topics: { wire: 3 } })
  log = await openKafkaEventLog({ brokers: kafka.brokers, requestTimeoutMs: 2_000 })
  batches = []
}

async function follow(options: Partial<ConsumeOptions> = {}): Promise<void> {
  const handle = options.handle ?? (() => Promise.resolve())
  consumption = await log.consume({
    group: null,
    topics: ['wire'],
    ...options,
    handle: async (batch) => {
      batches.push(batch)
      await handle(batch)
    },
  })
}

const append = (partition: number, ...values: string[]) =>
  log.append(values.map((value) => ({ topic: 'wire', partition, key: 'k', value })))

const valuesOf = (partition: number): string[] =>
  batches
    .filter((one) => one.partition === partition)
    .flatMap((one) => one.records.map((record) => String(record.value)))

/** Replaces the log of a partition while nobody can look at it. */
async function replaceLog(partition: number, low: number): Promise<void> {
  const found = kafka.partition('wire', partition)
  const { leader } = found
  found.leader = -1
  found.batches.length = 0
  found.low = low
  await new Promise((resolve) => setTimeout(resolve, 250))
  found.leader = leader
}

describe('one partition holds up no other', () => {
  test('when its batch takes long', async () => {
    await start()
    await follow({ handle: (batch) => (batch.partition === 0 ? new Promise(() => undefined) : Promise.resolve()) })
    await append(0, 'slow')
    await eventually(() => valuesOf(0)).toEqual(['slow'])
    for (const value of ['a', 'b', 'c']) {
      await append(1, value)
      await eventually(() => valuesOf(1).at(-1)).toBe(value)
    }
  })

  test('when an engine is away for it, even with one batch at a time', async () => {
    await start()
    await follow({
      concurrency: 1,
      handle: async (batch) => {
        if (batch.partition === 0) throw new TransientFault('state', 'away')
      },
    })
    await append(0, 'waits')
    await eventually(() => batches.length).toBeGreaterThan(1)
    await append(1, 'goes on')
    await eventually(() => valuesOf(1)).toEqual(['goes on'])
    expect(new Set(valuesOf(0))).toEqual(new Set(['waits']))
  })
})

test('hands out as many partitions at once as it is told', async () => {
  await start()
  let atOnce = 0
  let most = 0
  await follow({
    concurrency: 2,
    maxRecords: 1,
    handle: async () => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setTimeout(resolve, 3))
      atOnce -= 1
    },
  })
  await Promise.all([0, 1, 2].map((partition) => append(partition, ...'abcdefghij')))
  await eventually(() => batches.length).toBe(30)
  expect(most).toBe(2)
})

test('fetches at once what comes after a silence, and together what comes right behind it', async () => {
  await start()
  await follow({ gatherMs: 2_000 })
  await append(0, 'a')
  await eventually(() => valuesOf(0)).toEqual(['a'])
  await append(0, 'b')
  await eventually(() => valuesOf(0)).toEqual(['a', 'b'])
  for (const value of ['c', 'd', 'e']) await append(0, value)
  await eventually(() => valuesOf(0)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(batches.map(({ records }) => records.length)).toEqual([1, 1, 3])
})

describe('passes over nothing in silence', () => {
  test('when retention took what it was to read next', async () => {
    await start()
    const losses: unknown[] = []
    await follow({ onRetentionLoss: (loss) => losses.push({ ...loss, after: batches.length }) })
    await append(0, 'a', 'b')
    await eventually(() => valuesOf(0)).toEqual(['a', 'b'])
    const before = batches.length
    await replaceLog(0, 8)
    await append(0, 'c')
    await eventually(() => valuesOf(0)).toEqual(['a', 'b', 'c'])
    expect(losses).toEqual([{ topic: 'wire', partition: 0, from: 2, to: 8, after: before }])
    expect(batches.at(-1)?.records[0]?.offset).toBe(8)
  })

  test('when retention took what startAt asks for', async () => {
    await start()
    await replaceLog(0, 8)
    await append(0, 'c')
    const losses: unknown[] = []
    await follow({
      startAt: async ({ partition, low }) => (partition === 0 ? 3 : low),
      onRetentionLoss: (loss) => losses.push(loss),
    })
    await eventually(() => valuesOf(0)).toEqual(['c'])
    expect(losses).toEqual([{ topic: 'wire', partition: 0, from: 3, to: 8 }])
  })

  test('when the log was made anew: it is started anew', async () => {
    await start()
    const starts: number[] = []
    await follow({
      startAt: async ({ partition, high }) => {
        if (partition === 0) starts.push(high)
        return null
      },
    })
    await append(0, 'a', 'b')
    await eventually(() => valuesOf(0)).toEqual(['a', 'b'])
    await replaceLog(0, 0)
    await append(0, 'new')
    await eventually(() => valuesOf(0)).toEqual(['a', 'b', 'new'])
    expect(starts).toHaveLength(2)
    expect(batches.at(-1)?.records[0]?.offset).toBe(0)
  })
})

test('hands out nothing below where startAt says, also when that is still to come', async () => {
  await start()
  await append(0, 'a', 'b')
  let asked = 0
  await follow({
    startAt: async ({ partition }) => {
      asked += 1
      return partition === 0 ? 4 : 0
    },
  })
  await eventually(() => asked).toBe(3)
  await append(0, 'c', 'd', 'e')
  await eventually(() => valuesOf(0)).toEqual(['e'])
  expect(batches.at(-1)?.records[0]?.offset).toBe(4)
})

describe('goes on', () => {
  test('when a partition moves to another broker', async () => {
    await start(2)
    await follow()
    await append(0, 'a')
    await eventually(() => valuesOf(0)).toEqual(['a'])
    kafka.partition('wire', 0).leader = 1
    await append(0, 'b')
    await eventually(() => valuesOf(0)).toEqual(['a', 'b'])
  })

  test('when the broker was away', async () => {
    await start()
    await follow()
    await append(0, 'a')
    await eventually(() => valuesOf(0)).toEqual(['a'])
    await kafka.down(0)
    await expect(log.offsets('wire')).rejects.toBeInstanceOf(TransientFault)
    await kafka.up(0)
    await append(0, 'b')
    await eventually(() => valuesOf(0)).toEqual(['a', 'b'])
  })

  test('when startAt cannot answer yet', async () => {
    await start()
    let times = 0
    await follow({
      startAt: async () => {
        if (times++ < 4) throw new TransientFault('state', 'away')
        return null
      },
    })
    await append(0, 'a')
    await eventually(() => valuesOf(0)).toEqual(['a'])
  })
})

describe('ends by itself and says why', () => {
  test('when it meets a batch that it cannot read', async () => {
    await start()
    await follow()
    await append(1, 'a')
    const bytes = Buffer.from(kafka.partition('wire', 1).batches[0]?.bytes ?? '')
    bytes.writeBigInt64BE(1n, 0)
    bytes.writeInt16BE(6, 21)
    kafka.partition('wire', 1).batches.push({ baseOffset: 1, count: 1, producerId: -1n, sequence: 0, bytes })
    const error = await consumption.ended.catch((one: unknown) => one)
    expect(error).toBeInstanceOf(EngineRefusal)
    expect(String(error)).toMatch(/wire\/1 at offset 1 .*codec 6/)
  })

  test.each([SyntaxError, TypeError, RangeError])('when the worker throws a %o', async (Fault) => {
    await start()
    const fault = new Fault('a bug')
    await follow({
      handle: () => {
        throw fault
      },
    })
    await append(0, 'a')
    expect(await consumption.ended.catch((one: unknown) => one)).toBe(fault)
    expect(consumption.isReady()).toBe(false)
  })

  test('when startAt refuses', async () => {
    await start()
    const refusal = new EngineRefusal('state', 'the state is gone')
    await follow({ startAt: () => Promise.reject(refusal) })
    expect(await consumption.ended.catch((one: unknown) => one)).toBe(refusal)
  })
})

test('does not begin with a topic that does not exist, or without Kafka', async () => {
  await start()
  await expect(follow({ topics: ['nowhere'] })).rejects.toBeInstanceOf(EngineRefusal)
  await kafka.down(0)
  await expect(follow()).rejects.toBeInstanceOf(TransientFault)
})

test('stops at once while nothing is in work', async () => {
  await start()
  await follow()
  await append(0, 'a')
  await eventually(() => valuesOf(0)).toEqual(['a'])
  const startedMs = performance.now()
  await consumption.stop()
  await consumption.ended
  expect(performance.now() - startedMs).toBeLessThan(5_000)
})

test('reads from the earliest record when asked for one before it', async () => {
  await start()
  await replaceLog(0, 8)
  await append(0, 'a', 'b')
  const read = await log.read('wire', 0, 2, { maxRecords: 5 })
  expect(read.map((record) => record.offset)).toEqual([8, 9])
})
