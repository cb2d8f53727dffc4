import { EngineRefusal, type EventLog, TransientFault } from '@dateline/ports'
import { afterEach, describe, expect, test } from 'vitest'
import { openKafkaEventLog } from './index.ts'
import { type FakeKafka, startFakeKafka } from './testing/fake-kafka.ts'

/** Looks again until it holds, also on a machine that is busy. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 })

let kafka: FakeKafka
let log: EventLog

afterEach(async () => {
  await log.close()
  await kafka.close()
})

async function start(options: { nodes?: number; partitions?: number; requestTimeoutMs?: number } = {}): Promise<void> {
  kafka = await startFakeKafka({ nodes: options.nodes ?? 1, topics: { wire: options.partitions ?? 2, other: 1 } })
  log = await openKafkaEventLog({ brokers: kafka.brokers, requestTimeoutMs: options.requestTimeoutMs ?? 2_000 })
}

const record = (partition: number, value: string) => ({ topic: 'wire', partition, key: 'k', value })

/** What lies in the partition, batch by batch, as the broker was given it. */
async function valuesIn(partition: number): Promise<string[]> {
  return (await log.read('wire', partition, 0, { maxRecords: 10_000 })).map((one) => String(one.value))
}

describe('an acknowledged record is there, once', () => {
  test('when a partition moves to a broker that has already answered for another one', async () => {
    await start({ nodes: 2 })
    await log.append([record(0, 'a'), record(1, 'b')])
    kafka.partition('wire', 0).leader = 1
    const outcomes = await log.append([record(0, 'c'), record(1, 'd')])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['appended', 'appended'])
    expect(await valuesIn(0)).toEqual(['a', 'c'])
    expect(await valuesIn(1)).toEqual(['b', 'd'])
  })

  test('when the connection breaks before the answer', async () => {
    await start()
    let breaks = 2
    kafka.onProduce = () => (breaks-- > 0 ? { kind: 'break' } : null)
    expect(await log.append([record(0, 'a')])).toEqual([{ kind: 'appended', partition: 0, offset: 0 }])
    await log.append([record(0, 'b')])
    expect(await valuesIn(0)).toEqual(['a', 'b'])
    expect(kafka.seen.map((one) => one.sequence)).toEqual([0, 0, 0, 1])
  })

  test('when the answer leaves its partition out', async () => {
    await start()
    let omits = 1
    kafka.onProduce = ({ partition }) => (partition === 0 && omits-- > 0 ? { kind: 'omit' } : null)
    const outcomes = await log.append([record(0, 'a'), record(1, 'b')])
    expect(outcomes).toEqual([
      { kind: 'appended', partition: 0, offset: 0 },
      { kind: 'appended', partition: 1, offset: 0 },
    ])
    expect(await valuesIn(0)).toEqual(['a'])
    expect(kafka.seen.filter((one) => one.partition === 0)).toHaveLength(2)
    expect(kafka.seen.filter((one) => one.partition === 1)).toHaveLength(1)
  })

  test.each([5, 6, 19, 20, 56])('when the broker asks for another try with code %i', async (code) => {
    await start()
    let times = 3
    kafka.onProduce = () => (times-- > 0 ? { kind: 'code', code } : null)
    await log.append([record(0, 'a'), record(0, 'b')])
    expect(await valuesIn(0)).toEqual(['a', 'b'])
    expect(new Set(kafka.seen.map((one) => one.sequence))).toEqual(new Set([0]))
  })

  test.each([45, 47, 59])('when the broker knows nothing of the producer any more (code %i)', async (code) => {
    await start()
    await log.append([record(0, 'a')])
    let times = 1
    kafka.onProduce = () => (times-- > 0 ? { kind: 'code', code } : null)
    await log.append([record(0, 'b')])
    await log.append([record(0, 'c')])
    expect(await valuesIn(0)).toEqual(['a', 'b', 'c'])
    const [first, refused, again, next] = kafka.seen
    expect(again?.producerId).not.toBe(first?.producerId)
    expect([refused?.sequence, again?.sequence, next?.sequence]).toEqual([1, 0, 1])
    expect(next?.producerId).toBe(again?.producerId)
  })
})

test('says that it does not know, when the producer is refused after a try without an answer', async () => {
  await start()
  const faults = [{ kind: 'omit' }, { kind: 'code', code: 45 }] as const
  let at = 0
  kafka.onProduce = () => faults[at++] ?? null
  await expect(log.append([record(0, 'a')])).rejects.toBeInstanceOf(TransientFault)
  await log.append([record(0, 'b')])
  expect(await valuesIn(0)).toEqual(['a', 'b'])
})

test('has one batch of a partition on its way, and gathers what comes meanwhile into the next', async () => {
  await start({ partitions: 3 })
  kafka.onProduce = () => ({ kind: 'delay', ms: 5 })
  const values = Array.from({ length: 200 }, (_, at) => String(at))
  const appends: Promise<unknown>[] = []
  for (const value of values) {
    appends.push(log.append([record(0, value), record(1, value), record(2, value)]))
    if (Number(value) % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(appends)
  for (const partition of [0, 1, 2]) expect(await valuesIn(partition)).toEqual(values)
  expect(Math.max(...kafka.seen.map((one) => one.inFlight))).toBe(1)
  expect(kafka.seen.length).toBeLessThan(100)
})

test('keeps the order of a partition over tries and appends', async () => {
  await start({ requestTimeoutMs: 30_000 })
  kafka.onProduce = () => {
    const chance = Math.random()
    if (chance < 0.2) return { kind: 'code', code: 6 }
    if (chance < 0.3) return { kind: 'break' }
    return chance < 0.4 ? { kind: 'omit' } : null
  }
  const appends = Array.from({ length: 60 }, async (_, at) => {
    await new Promise((resolve) => setTimeout(resolve, at * 3))
    await log.append([record(0, `${at}a`), record(0, `${at}b`), record(1, `${at}`)])
  })
  await Promise.all(appends)
  kafka.onProduce = () => null
  expect(await valuesIn(0)).toEqual(Array.from({ length: 60 }, (_, at) => [`${at}a`, `${at}b`]).flat())
  expect(await valuesIn(1)).toEqual(Array.from({ length: 60 }, (_, at) => `${at}`))
})

test('splits what is larger than a broker takes in one batch', async () => {
  await start()
  kafka.setMaxMessageBytes(8_000_000)
  const value = 'x'.repeat(300_000)
  const outcomes = await log.append(Array.from({ length: 12 }, () => record(0, value)))
  expect(outcomes.map((outcome) => outcome.kind === 'appended' && outcome.offset)).toEqual(
    Array.from({ length: 12 }, (_, at) => at),
  )
  for (const { bytes } of kafka.partition('wire', 0).batches) expect(bytes.length).toBeLessThan(1_000_000)
})

test('finds the record that is too large when the limit was lowered, and appends its neighbours', async () => {
  await start()
  await log.append([record(0, 'first')])
  kafka.setMaxMessageBytes(5_000)
  const values = ['a', 'b', 'x'.repeat(9_000), 'c', 'd']
  const outcomes = await log.append(values.map((value) => record(0, value)))
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['appended', 'appended', 'too-large', 'appended', 'appended'])
  expect(await valuesIn(0)).toEqual(['first', 'a', 'b', 'c', 'd'])
})

test('says soon that Kafka is away, and goes on when it is back', async () => {
  await start({ requestTimeoutMs: 6_000 })
  await log.append([record(0, 'a')])
  await kafka.down(0)
  await expect(log.topics()).rejects.toBeInstanceOf(TransientFault)
  const startedMs = performance.now()
  const fault = await log.append([record(0, 'b')]).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(TransientFault)
  expect(String(fault)).toContain(kafka.brokers[0])
  expect(performance.now() - startedMs).toBeLessThan(6_000)
  await kafka.up(0)
  await log.append([record(0, 'c')])
  expect(await valuesIn(0)).toEqual(['a', 'c'])
})

test('waits out a partition without a leader', async () => {
  await start()
  await log.append([record(0, 'a')])
  kafka.partition('wire', 0).leader = -1
  const append = log.append([record(0, 'b'), record(1, 'x')])
  await eventually(() => kafka.seen.length).toBeGreaterThan(1)
  kafka.partition('wire', 0).leader = 0
  await append
  expect(await valuesIn(0)).toEqual(['a', 'b'])
})

test('gives up a partition that stays without a leader', async () => {
  await start({ requestTimeoutMs: 500 })
  kafka.partition('wire', 0).leader = -1
  await expect(log.append([record(0, 'b')])).rejects.toBeInstanceOf(TransientFault)
})

test('refuses for good what the broker refuses for good', async () => {
  await start()
  kafka.onProduce = () => ({ kind: 'code', code: 29 })
  const error = await log.append([record(0, 'a')]).catch((one: unknown) => one)
  expect(error).toBeInstanceOf(EngineRefusal)
  expect(String(error)).toContain('wire/0')
})

test('refuses a topic that may not be used, and goes on with the others', async () => {
  await start()
  kafka.deny('other')
  const error = await log.append([{ topic: 'other', key: 'k', value: 'a' }]).catch((one: unknown) => one)
  expect(error).toBeInstanceOf(EngineRefusal)
  expect(String(error)).toContain('the topic other')
  await log.append([record(0, 'a')])
  expect(await valuesIn(0)).toEqual(['a'])
})

test('refuses a partition that the topic does not have', async () => {
  await start()
  await expect(log.append([record(7, 'a')])).rejects.toBeInstanceOf(EngineRefusal)
})

test('tells a failed append only when none of it is on its way any more', async () => {
  await start({ nodes: 2 })
  kafka.onProduce = ({ partition }) => (partition === 0 ? { kind: 'code', code: 29 } : { kind: 'delay', ms: 100 })
  await expect(log.append([record(0, 'a'), record(1, 'b')])).rejects.toBeInstanceOf(EngineRefusal)
  expect(await valuesIn(1)).toEqual(['b'])
})
