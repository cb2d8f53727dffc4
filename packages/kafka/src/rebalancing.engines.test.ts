import { type Batch, type Consumption, type EventLog, OwnershipLost } from '@dateline/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRealBroker, type RealBroker } from './testing/real-broker.ts'

/** Looks again until it holds, also on a machine that is busy. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })

const { TEST_KAFKA } = process.env

describe.skipIf(!TEST_KAFKA)('a group that is dealt anew', { timeout: 90_000 }, () => {
  let broker: RealBroker
  let log: EventLog

  beforeAll(async () => {
    broker = await openRealBroker((TEST_KAFKA ?? '').split(','))
    log = broker.log
  })
  afterAll(() => broker.close())

  async function topicWith(stem: string, partitions: number): Promise<string> {
    const name = broker.topic(stem)
    await log.createTopic({ name, partitions, cleanup: 'delete', retentionMs: null, maxMessageBytes: 1_000_000 })
    return name
  }

  test('handles every record once while members come and go', async () => {
    const topic = await topicWith('coming', 6)
    const handled = new Map<string, number>()
    const join = async (): Promise<Consumption> =>
      (await broker.another()).consume({
        group: topic,
        topics: [topic],
        maxRecords: 20,
        handle: async (batch) => {
          await new Promise((resolve) => setTimeout(resolve, 2))
          for (const { value } of batch.records) handled.set(String(value), (handled.get(String(value)) ?? 0) + 1)
          await batch.commit(batch.next)
        },
      })
    let sent = 0
    let isSending = true
    const sending = (async () => {
      while (isSending) {
        const values = Array.from({ length: 10 }, () => String(sent++))
        await log.append(values.map((value) => ({ topic, key: value, value })))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    const members = [await join()]
    for (const size of [2, 3]) {
      members.push(await join())
      await eventually(() => members.map((member) => member.assigned().length).toSorted()).toEqual(
        Array.from({ length: size }, () => 6 / size),
      )
    }
    await members[0]?.stop()
    await eventually(() => members.slice(1).map((member) => member.assigned().length)).toEqual([3, 3])
    isSending = false
    await sending
    await eventually(() => handled.size).toBe(sent)
    for (const member of members) await member.stop()
    expect([...handled.values()].filter((times) => times > 1)).toEqual([])
  })

  test('asks startAt for each partition dealt, before its first batch, and again at the next dealing', async () => {
    const topic = await topicWith('asking', 2)
    for (const partition of [0, 1]) await log.append([{ topic, partition, key: 'k', value: 'a' }])
    const told: string[] = []
    const consume = async (): Promise<Consumption> =>
      (await broker.another()).consume({
        group: topic,
        topics: [topic],
        startAt: async ({ partition }) => {
          told.push(`start ${partition}`)
          return null
        },
        handle: async (batch) => {
          told.push(`batch ${batch.partition}`)
          await batch.commit(batch.next)
        },
      })
    const first = await consume()
    await eventually(() => told.length).toBe(4)
    for (const partition of [0, 1]) {
      expect(told.indexOf(`start ${partition}`)).toBeLessThan(told.indexOf(`batch ${partition}`))
    }
    const second = await consume()
    await eventually(() => told.slice(4).toSorted()).toEqual(['start 0', 'start 1'])
    await first.stop()
    await second.stop()
  })

  test('lets a batch in work finish and commit before it is dealt', async () => {
    const topic = await topicWith('finishing', 1)
    await log.append([{ topic, key: 'k', value: 'a' }])
    const seen: string[] = []
    let release = (): void => undefined
    const first = await log.consume({
      group: topic,
      topics: [topic],
      handle: async (batch) => {
        seen.push('first')
        await new Promise<void>((resolve) => {
          release = resolve
        })
        await batch.commit(batch.next)
      },
    })
    await eventually(() => seen).toEqual(['first'])
    const second = await (await broker.another()).consume({
      group: topic,
      topics: [topic],
      handle: async () => {
        seen.push('second')
      },
    })
    // The first member hears of the dealing within a second; it waits for its batch.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(second.assigned()).toEqual([])
    release()
    await eventually(() => [...first.assigned(), ...second.assigned()].length).toBe(1)
    expect(seen).toEqual(['first'])
    expect((await log.offsets(topic, topic))[0]?.committed).toBe(1)
    await first.stop()
    await second.stop()
  })

  test('takes a partition from a member whose batch hangs, and takes that member back when it wakes', async () => {
    const topic = await topicWith('hanging', 1)
    await log.append([{ topic, key: 'k', value: 'a' }])
    let release = (): void => undefined
    let hung: Batch | null = null
    const sleeper = await log.consume({
      group: topic,
      topics: [topic],
      sessionTimeoutMs: 6_000,
      handle: async (batch) => {
        if (hung !== null) return batch.commit(batch.next)
        hung = batch
        await new Promise<void>((resolve) => {
          release = resolve
        })
      },
    })
    await eventually(() => hung).not.toBe(null)
    await eventually(() => sleeper.isReady()).toBe(false)
    const batch = hung as unknown as Batch
    expect(await batch.stillOwned()).toBe(false)
    await expect(batch.commit(batch.next)).rejects.toBeInstanceOf(OwnershipLost)
    release()
    await eventually(async () => (await log.offsets(topic, topic))[0]?.committed).toBe(1)
    expect(sleeper.isReady()).toBe(true)
    await sleeper.stop()
  })
})
