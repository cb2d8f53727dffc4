import { expect } from 'vitest'
import { OwnershipLost } from '../faults.ts'
import { eventLogPromise, numbered, numbers } from './event-log-bench.ts'
import { uniqueName } from './scope.ts'
import { latch, rejectionOf } from './waiting.ts'

export const sharingPromises = [
  eventLogPromise(
    'shares the partitions among the members of a group',
    async ({ log, another, topic, follow, until }) => {
      const name = await topic({ partitions: 4 })
      const group = uniqueName('contract-group')
      const first = await follow(await another(), { topics: [name], group })
      const second = await follow(await another(), { topics: [name], group })
      const held = () => [first, second].map(({ consumption }) => consumption.assigned().map((one) => one.partition))
      await until('each member has two partitions', () => {
        const [one, two] = held()
        return one?.length === 2 && two?.length === 2 && new Set([...one, ...two]).size === 4
      })
      for (const partition of [0, 1, 2, 3]) await log.append(numbered(name, 25, { partition }))
      const seen = () => new Set([...first.records, ...second.records].map((one) => `${one.partition}/${one.offset}`))
      await until('every record was handled', () => seen().size === 100)
      expect(first.records.length).toBeGreaterThan(0)
      expect(second.records.length).toBeGreaterThan(0)
    },
  ),

  eventLogPromise('gives the partitions of a member that leaves to the others', async (bench) => {
    const { log, another, topic, follow, until } = bench
    const name = await topic({ partitions: 2 })
    const group = uniqueName('contract-group')
    const leaving = await follow(await another(), { topics: [name], group })
    const staying = await follow(await another(), { topics: [name], group })
    await until('each has one partition', () =>
      [leaving, staying].every(({ consumption }) => consumption.assigned().length === 1),
    )
    await leaving.consumption.stop()
    for (const partition of [0, 1]) await log.append(numbered(name, 10, { partition }))
    await until('the other one has all', () => staying.records.length >= 20)
  }),

  eventLogPromise('reads every partition without a group, and commits nothing', async (bench) => {
    const { log, another, topic, follow, until } = bench
    const name = await topic({ partitions: 3 })
    for (const partition of [0, 1, 2]) await log.append(numbered(name, 10, { partition }))
    const first = await follow(await another(), { topics: [name], group: null })
    const second = await follow(await another(), { topics: [name], group: null })
    await until('both have all', () => first.records.length >= 30 && second.records.length >= 30)
    expect(first.consumption.assigned()).toHaveLength(3)
    for (const one of await log.offsets(name)) expect(one.committed).toBe(null)
    const later = await follow(log, { topics: [name], group: null, startAt: async ({ high }) => high - 1 })
    await until('the last of each came', () => later.records.length >= 3)
    expect(later.values()).toEqual(['9', '9', '9'])
  }),

  eventLogPromise('reads several topics in one group', async ({ log, topic, follow, until }) => {
    const names = [await topic(), await topic({ partitions: 2 })]
    for (const name of names) await log.append(numbered(name, 5, { partition: 0 }))
    const { records } = await follow(log, { topics: names })
    await until('all came', () => records.length >= 10)
    for (const name of names) {
      expect(records.filter((record) => record.topic === name).map((one) => String(one.value))).toEqual(numbers(5))
    }
  }),

  eventLogPromise('leaves a partition with a member that says it is still at work', async (bench) => {
    const { log, topic, follow, sessionTimeoutMs, until } = bench
    const name = await topic()
    await log.append(numbered(name, 3))
    const answers: boolean[] = []
    const { batches } = await follow(log, {
      topics: [name],
      sessionTimeoutMs,
      handle: async (batch) => {
        const workUntil = performance.now() + sessionTimeoutMs * 1.5
        while (performance.now() < workUntil) {
          answers.push(await batch.stillOwned())
          await new Promise((resolve) => setTimeout(resolve, sessionTimeoutMs / 20))
        }
        await batch.commit(batch.next)
      },
    })
    await until('the batch is in work', () => batches.length > 0)
    await log.append([{ topic: name, key: 'k', value: 'next' }])
    await until('the batch was committed and the next one came', () => batches.at(-1)?.records.at(-1)?.offset === 3)
    expect(answers.length).toBeGreaterThan(5)
    expect(answers.every(Boolean)).toBe(true)
  }),

  eventLogPromise('refuses the late commit of a member that lost its partition', async (bench) => {
    const { log, another, topic, follow, sessionTimeoutMs, until } = bench
    const name = await topic()
    const group = uniqueName('contract-group')
    await log.append(numbered(name, 10))
    const awake = latch()
    const lateCommit = Promise.withResolvers<unknown>()
    let isLate = true
    const sleeper = await follow(await another(), {
      topics: [name],
      group,
      sessionTimeoutMs,
      maxRecords: 5,
      handle: async (batch) => {
        if (!isLate) return batch.commit(batch.next)
        isLate = false
        await awake.opened
        lateCommit.resolve(rejectionOf(batch.commit(batch.next)))
        await batch.commit(batch.next)
      },
    })
    await until('the first member is at work', () => sleeper.records.length >= 5)
    const heir = await follow(await another(), { topics: [name], group, sessionTimeoutMs })
    await until('the second member did it all', () => heir.records.at(-1)?.offset === 9)
    await until('and committed', async () => (await log.offsets(name, group))[0]?.committed === 10)
    awake.open()
    expect(await lateCommit.promise).toBeInstanceOf(OwnershipLost)
    expect((await log.offsets(name, group))[0]?.committed).toBe(10)
  }),
]
