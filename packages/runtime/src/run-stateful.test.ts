import { type Engines, TransientFault } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { afterEach, describe, expect, it } from 'vitest'
import { readPartition } from './read-partition.ts'
import { runStateful } from './run-stateful.ts'
import { type TestContext, testContext } from './testing/context.ts'
import { countingWorker } from './testing/counting-worker.ts'

const group = 'publisher'
const topic = 'stories.parsed'
let contexts: TestContext[] = []
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.remove()))
  contexts = []
})

async function context(options: Parameters<typeof testContext>[0] = {}): Promise<TestContext> {
  const made = await testContext(options)
  contexts.push(made)
  return made
}

const feed = async ({ engines }: TestContext, ...keys: string[]): Promise<void> => {
  await engines.log.append(keys.map((key) => ({ topic, partition: 0, key, value: 'x' })))
}

async function published({ engines }: TestContext): Promise<string[]> {
  const lines: string[] = []
  for await (const record of readPartition(engines.log, 'stories', 0)) lines.push(record.value?.toString('utf8') ?? '')
  return lines
}

async function runUntil(given: TestContext, isDone: () => Promise<boolean>): Promise<void> {
  const service = runStateful(given, { worker: countingWorker, group, topic })
  await service.start()
  await until('the work is done', isDone)
  await service.stop(2_000)
}

describe.each([{ apart: false }, { apart: true }])('a fold over a partition (effects apart: $apart)', ({ apart }) => {
  it('goes on where it was, with what it knew', async () => {
    const given = await context({ apart })
    await feed(given, 'a', 'b', 'a')
    await runUntil(given, async () => (await published(given)).length === 3)
    await feed(given, 'a')
    await runUntil(given, async () => (await published(given)).length === 4)
    expect(await published(given)).toEqual(['a 1', 'b 1', 'a 2', 'a 3'])
  })

  it('restores its memory from the changelog when the store was wiped', async () => {
    const given = await context({ apart })
    await feed(given, 'a', 'a', 'b')
    await runUntil(given, async () => (await published(given)).length === 3)
    await given.engines.state.claim(0, 'somebody')
    await given.engines.state.clear(0, 'somebody')
    await feed(given, 'a')
    await runUntil(given, async () => (await published(given)).length === 4)
    expect(await published(given)).toEqual(['a 1', 'a 2', 'b 1', 'a 3'])
  })

  it('refuses to start when state and changelog are gone but work was done', async () => {
    const given = await context({ apart })
    await feed(given, 'a', 'a')
    await runUntil(given, async () => (await published(given)).length === 2)
    await given.engines.state.claim(0, 'somebody')
    await given.engines.state.clear(0, 'somebody')
    const [spec] = await given.engines.log.topics(['stories.state'])
    if (spec === undefined) throw new Error('no topic')
    await given.engines.log.deleteTopic('stories.state')
    await given.engines.log.createTopic(spec)
    const service = runStateful(given, { worker: countingWorker, group, topic })
    await service.start()
    await expect(service.failed).rejects.toThrow(/the state is gone.*stories\.state is empty/)
    await service.stop(1_000)
  })

  it('gives a partition up when another owner wrote, and takes it over anew', async () => {
    const given = await context({ apart })
    const service = runStateful(given, { worker: countingWorker, group, topic })
    await service.start()
    await feed(given, 'a')
    // Published is not stored yet: before that, a lost partition means that it is published once more under the same sequence.
    const committed = async () => (await given.engines.log.offsets(topic, group))[0]?.committed
    await until('the first is committed', async () => (await committed()) === 1)
    await given.engines.state.claim(0, 'a zombie')
    await feed(given, 'a')
    await until('the second is published', async () => (await published(given)).length === 2)
    await service.stop(2_000)
    expect(await published(given)).toEqual(['a 1', 'a 2'])
  })
})

describe('the order of effects', () => {
  it('is: what is published, then the changelog, then the state, then the position', async () => {
    const calls: string[] = []
    const given = await context({ apart: true, wrap: (engines) => recording(engines, calls) })
    await feed(given, 'a', 'b')
    calls.length = 0
    await runUntil(given, async () => calls.includes('commit'))
    expect(calls.filter((call) => call !== 'store:claimed')).toEqual([
      'append:stories',
      'append:stories.state',
      'store',
      'commit',
    ])
  })

  it('waits out an engine that is away, and repeats nothing that is done', async () => {
    let isAway = true
    let appends = 0
    const given = await context({
      apart: true,
      wrap: (engines) => ({
        ...engines,
        log: {
          ...engines.log,
          append(records) {
            if (records[0]?.topic === 'stories') appends += 1
            return engines.log.append(records)
          },
        },
        state: {
          ...engines.state,
          async store(write) {
            if (isAway && write.puts.length > 0) throw new TransientFault('state', 'Redis is away')
            return engines.state.store(write)
          },
        },
      }),
    })
    await feed(given, 'a')
    setTimeout(() => {
      isAway = false
    }, 300)
    await runUntil(given, async () => (await given.engines.state.load(0, ['a'])).values[0] === '1')
    expect(appends).toBe(1)
    expect(await published(given)).toEqual(['a 1'])
  })

  it('knows its own store again when the answer was lost', async () => {
    let lose = true
    const given = await context({
      apart: true,
      wrap: (engines) => ({
        ...engines,
        state: {
          ...engines.state,
          async store(write) {
            const result = await engines.state.store(write)
            if (!lose || write.puts.length === 0) return result
            lose = false
            throw new TransientFault('state', 'The answer was lost')
          },
        },
      }),
    })
    await feed(given, 'a', 'a')
    await runUntil(given, async () => (await given.engines.log.offsets(topic, group))[0]?.committed === 2)
    expect(await published(given)).toEqual(['a 1', 'a 2'])
  })
})

function recording(engines: Engines, calls: string[]): Engines {
  return {
    ...engines,
    log: {
      ...engines.log,
      append(records) {
        calls.push(`append:${records[0]?.topic}`)
        return engines.log.append(records)
      },
      consume: (options) =>
        engines.log.consume({
          ...options,
          handle: (batch) =>
            options.handle({
              ...batch,
              commit(next) {
                calls.push('commit')
                return batch.commit(next)
              },
            }),
        }),
    },
    state: {
      ...engines.state,
      store(write) {
        calls.push(write.puts.length > 0 ? 'store' : 'store:claimed')
        return engines.state.store(write)
      },
    },
  }
}
