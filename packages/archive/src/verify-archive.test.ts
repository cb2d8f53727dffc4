import type { Archive } from '@dateline/ports'
import { expect, test } from 'vitest'
import { getIndex, indexKey } from './archive-index.ts'
import { createChainWriter } from './chain-writer.ts'
import { fillChain } from './testing/fill-chain.ts'
import { type MemoryArchive, memoryArchive } from './testing/memory-archive.ts'
import { chain, message, messages } from './testing/records.ts'
import { verifyArchive } from './verify-archive.ts'
import type { VerifiedSoFar } from './verify-chain.ts'

/** Three objects: 0–10, 10–20, 20–30. */
async function threeObjects() {
  const archive = memoryArchive()
  await fillChain(archive, chain, [messages(0, 10), messages(10, 20), messages(20, 30)])
  const keys = [...archive.objects.keys()]
  const key = (at: number): string => keys[at] ?? ''
  const object = (at: number) => archive.objects.get(key(at)) ?? { bytes: Buffer.alloc(0), metadata: {} }
  return { archive, key, object }
}

/** Puts an object of the offsets from one to below another, over whatever is there. */
async function put(archive: MemoryArchive, from: number, to: number, text?: string): Promise<void> {
  const apart = memoryArchive()
  const writer = createChainWriter({
    archive: apart,
    chain,
    writer: 'w',
    objectBytes: 1_000_000,
    memberBytes: 500,
    level: 3,
    clock: () => 0,
    checkLog: async () => {},
    onWritten: () => {},
    position: from,
  })
  await writer.take(
    Array.from({ length: to - from }, (_, at) => message(from + at, text)),
    to,
  )
  await writer.flush()
  for (const [key, object] of apart.objects) archive.objects.set(key, object)
}

type Three = Awaited<ReturnType<typeof threeObjects>>

test('calls a whole archive whole, and says what it holds', async () => {
  const { archive } = await threeObjects()
  expect(await verifyArchive(archive)).toEqual({
    isWhole: true,
    objects: 3,
    messages: 30,
    lost: 0,
    waiting: null,
    partitions: [{ ...chain, from: 0, to: 30, objects: 3, messages: 30, lost: 0, fault: null, faultKey: null }],
  })
})

const faults: readonly (readonly [string, (three: Three) => unknown, string])[] = [
  [
    'a missing object',
    ({ archive, key }) => archive.objects.delete(key(1)),
    'a gap: nothing covers the offsets 10 to 19',
  ],
  [
    'a missing first object',
    ({ archive, key }) => archive.objects.delete(key(0)),
    'a gap: nothing covers the offsets 0 to 9',
  ],
  [
    'an object that begins within another',
    ({ archive, key, object }) => archive.objects.set(key(1).replace(/10$/, '15'), object(1)),
    'an overlap: the object at 15 begins before the one in front of it ends, at 20',
  ],
  [
    'what a zombie wrote within another object',
    ({ archive }) => put(archive, 5, 15),
    'an overlap: the object at 5 begins before the one in front of it ends, at 10. The 5 messages that both hold are the same',
  ],
  [
    'the twin that a lost answer left where a server overwrites',
    ({ archive }) => put(archive, 10, 23),
    'an overlap: the object at 20 begins before the one in front of it ends, at 23. The 3 messages that both hold are the same',
  ],
  [
    'other messages within another object',
    ({ archive }) => put(archive, 5, 15, 'of another log'),
    'Both hold another message at offset 5',
  ],
  [
    'a flipped byte',
    ({ object }) => {
      const { bytes } = object(1)
      bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1
    },
    'the object at 10: it does not have its sha256',
  ],
  [
    'a cut object',
    ({ archive, key, object }) =>
      archive.objects.set(key(1), { ...object(1), bytes: object(1).bytes.subarray(0, object(1).bytes.length - 20) }),
    'the object at 10: the object is cut: it has',
  ],
  [
    'a wrong count',
    ({ archive, key, object }) =>
      archive.objects.set(key(1), { ...object(1), metadata: { ...object(1).metadata, count: '9' } }),
    'the object at 10: it holds 10 messages and says 9',
  ],
  [
    'an end that its messages reach beyond',
    ({ archive, key, object }) =>
      archive.objects.set(key(1), { ...object(1), metadata: { ...object(1).metadata, next: '15' } }),
    'the object at 10: offset 19 lies behind its end at 15',
  ],
  [
    'a list of members that does not fit',
    ({ archive, key, object }) =>
      archive.objects.set(key(1), { ...object(1), metadata: { ...object(1).metadata, members: '0.9' } }),
    'the object at 10: its index does not fit its members',
  ],
  [
    'lost metadata',
    ({ archive, key, object }) => archive.objects.set(key(1), { ...object(1), metadata: {} }),
    'the object at 10 has no readable metadata',
  ],
  [
    "another object's bytes under its key",
    ({ archive, key, object }) =>
      archive.objects.set(key(1), {
        bytes: object(2).bytes,
        metadata: { ...object(2).metadata, base: '10', next: '20' },
      }),
    'the object at 10: its index does not fit its messages',
  ],
]

for (const [name, harm, says] of faults) {
  test(`names ${name}, and how far the chain is proved`, async () => {
    const three = await threeObjects()
    await harm(three)
    const report = await verifyArchive(three.archive)
    expect(report.isWhole).toBe(false)
    expect(report.partitions[0]?.fault).toContain(says)
  })
}

test('names the key of the object at fault, and of the one behind a gap', async () => {
  const { archive, key, object } = await threeObjects()
  object(2).bytes.fill(0, 20, 40)
  const faultKey = async () => (await verifyArchive(archive)).partitions[0]?.faultKey
  expect(await faultKey()).toBe(key(2))
  archive.objects.delete(key(0))
  expect(await faultKey()).toBe(key(1))
})

test('says which messages a changed byte damaged', async () => {
  const { archive, object } = await threeObjects()
  const places = object(1).metadata.members?.split(',') ?? []
  const [first = 0] = places.map((place) => Number.parseInt(place.split('.')[1] ?? '', 36))
  const { bytes } = object(1)
  bytes[first + 30] = (bytes[first + 30] ?? 0) ^ 1
  expect((await verifyArchive(archive)).partitions[0]?.fault).toMatch(
    /^the object at 10: it does not have its sha256: .*member at byte \d+/,
  )
})

test('goes on where it ended, and finds there what it would have found', async () => {
  for (const harm of [
    null,
    (three: Three) => three.archive.objects.delete(three.key(1)),
    (three: Three) => put(three.archive, 15, 25),
  ]) {
    const three = await threeObjects()
    await harm?.(three)
    const whole = await verifyArchive(three.archive)
    let mark: VerifiedSoFar | undefined
    let reads = 0
    class Interrupted extends Error {}
    const run = (archive: Archive) =>
      verifyArchive(archive, {
        resume: () => mark,
        onProved: (_chain, soFar) => {
          mark = soFar
        },
      })
    // Interrupted at every object once.
    for (let at = 1; at <= 3; at += 1) {
      reads = 0
      await run({
        ...three.archive,
        get: async (key, range) => {
          reads += 1
          if (reads > 1) throw new Interrupted()
          return three.archive.get(key, range)
        },
      }).catch((error: unknown) => {
        if (!(error instanceof Interrupted)) throw error
      })
    }
    expect(await run(three.archive)).toEqual(whole)
    // What was proved before is not read again.
    reads = 0
    if (harm === null)
      expect(
        await run({
          ...three.archive,
          get: async () => {
            throw new Interrupted()
          },
        }),
      ).toEqual(whole)
  }
})

test('goes on with the other partitions behind one that has a fault', async () => {
  const { archive, key, object } = await threeObjects()
  const other = { bytes: object(0).bytes, metadata: object(0).metadata }
  archive.objects.set(key(0).replace('wire.anp/', 'wire.zzz/'), other)
  archive.objects.delete(key(0))
  const report = await verifyArchive(archive)
  expect(report.partitions.map((one) => [one.topic, one.fault?.slice(0, 30)])).toEqual([
    ['wire.anp', 'a gap: nothing covers the offs'],
    ['wire.zzz', 'the object at 0: offset 0 is o'],
  ])
})

test('names what lies among the objects and is none', async () => {
  const { archive } = await threeObjects()
  archive.objects.set('raw/v1/wire.anp/notes', { bytes: Buffer.from('x'), metadata: {} })
  const report = await verifyArchive(archive)
  expect(report.isWhole).toBe(false)
  expect(report.partitions.map((one) => one.fault)).toContain(
    'raw/v1/wire.anp/notes is not an object of an archive chain',
  )
})

test('has nothing against a damaged index, which is no part of the proof and is not used', async () => {
  const { archive, key, object } = await threeObjects()
  const index = { bytes: Buffer.from('x'), metadata: {} }
  archive.objects.set(indexKey(key(1)), index)
  expect(await verifyArchive(archive)).toMatchObject({ isWhole: true, objects: 3 })
  expect(await getIndex(archive, { key: key(1), sha256: object(1).metadata.sha256 ?? '' })).toBe(null)
})

test('verifies one feed with both its topics, and no other whose name begins alike', async () => {
  const { archive, key, object } = await threeObjects()
  for (const topic of ['wire.anp.flash', 'wire.anp-sport', 'wire.an'])
    archive.objects.set(key(0).replace('wire.anp/', `${topic}/`), object(0))
  const { partitions } = await verifyArchive(archive, { feed: 'anp' })
  expect(partitions.map((one) => one.topic)).toEqual(['wire.anp', 'wire.anp.flash'])
})

const logOf = (logId: string, low: number, high: number) => ({
  topics: async () =>
    [{ name: chain.topic, partitions: 1, logId, maxMessageBytes: 1, cleanup: 'delete', retentionMs: 1 }] as const,
  offsets: async () => [{ partition: 0, low, high, committed: null }],
  read: async (_topic: string, _partition: number, from: number) =>
    Math.max(low, from) < high ? [message(Math.max(low, from))] : [],
})

for (const [name, log, says] of [
  [
    'what the log no longer keeps and the archive does not hold',
    logOf('log-1', 35, 40),
    'a loss: the offsets 30 to 34',
  ],
  ['a log that ends before the archive', logOf('log-1', 0, 25), 'the log lost its end, or was replaced'],
  ['a log that was lost before anything of it was archived', logOf('log-2', 3, 9), 'a loss: the offsets 0 to 2'],
] as const) {
  test(`names ${name}`, async () => {
    const { archive } = await threeObjects()
    const report = await verifyArchive(archive, { log })
    expect(report.isWhole).toBe(false)
    expect(report.partitions.map((one) => one.fault).join()).toContain(says)
  })
}

test('has nothing against a log that goes on behind the archive, or was made anew', async () => {
  const { archive } = await threeObjects()
  for (const [log, waiting] of [
    [logOf('log-1', 12, 80), 50],
    [logOf('log-2', 0, 5), 5],
    [logOf('log-1', 0, 30), 0],
  ] as const)
    expect(await verifyArchive(archive, { log })).toMatchObject({ isWhole: true, messages: 30, waiting })
})

const committedOf = (logId: string, [low, high, committed]: readonly [number, number, number]) => ({
  ...logOf(logId, low, high),
  offsets: async (_topic: string, group?: string) => [
    { partition: 0, low, high, committed: group === 'archiver' ? committed : null },
  ],
})

const removed = 'the archiver had stored the messages up to offset 30, and the archive ends at'

test('names the end of a chain that was removed after the archiver stored it', async () => {
  const { archive, key } = await threeObjects()
  const log = committedOf('log-1', [0, 40, 30])
  expect(await verifyArchive(archive, { log })).toMatchObject({ isWhole: true, waiting: 10 })
  archive.objects.delete(key(2))
  const report = await verifyArchive(archive, { log })
  expect(report).toMatchObject({ isWhole: false, partitions: [{ ...chain, to: 20 }] })
  expect(report.partitions[0]?.fault).toBe(`${removed} 20: objects were removed`)
})

test('names a partition of which every object was removed after the archiver stored it', async () => {
  const report = await verifyArchive(memoryArchive(), { log: committedOf('log-1', [0, 40, 30]) })
  expect(report).toMatchObject({
    isWhole: false,
    partitions: [{ ...chain, fault: `${removed} 0: objects were removed` }],
  })
  expect(await verifyArchive(memoryArchive(), { log: committedOf('log-1', [0, 40, 30]), feed: 'other' })).toMatchObject(
    {
      isWhole: true,
    },
  )
})

test('does not take for removed what the archiver stores while the proof runs, nor the position in an earlier log', async () => {
  const whole = await threeObjects()
  const archive = memoryArchive()
  for (const at of [0, 1]) archive.objects.set(whole.key(at), whole.object(at))
  let committed = 20
  const log = {
    ...logOf('log-1', 0, 40),
    offsets: async () => [{ partition: 0, low: 0, high: 40, committed }],
  }
  const storing: Archive = {
    ...archive,
    get: async (key, range) => {
      // Behind the end of the listing that the proof goes along.
      if (key === whole.key(1)) committed = 30
      return archive.get(key, range)
    },
  }
  expect(await verifyArchive(storing, { log })).toMatchObject({ isWhole: true, messages: 20 })
  expect(await verifyArchive(whole.archive, { log: committedOf('log-2', [0, 5, 30]) })).toMatchObject({ isWhole: true })
})

test('does not take for removed what is no message, as the marker of a transaction at the end of the log', async () => {
  const { archive } = await threeObjects()
  const log = { ...committedOf('log-1', [0, 31, 31]), read: async () => [] }
  expect(await verifyArchive(archive, { log })).toMatchObject({ isWhole: true, messages: 30 })
})

for (const [name, harm] of [
  ['the last object', ({ archive, key }) => archive.objects.delete(key(2))],
  [
    'the last object, where others were added since',
    async ({ archive, key }) => {
      archive.objects.delete(key(2))
      await put(archive, 30, 40)
    },
  ],
  ['every object', ({ archive }) => archive.objects.clear()],
] as const satisfies readonly (readonly [string, (three: Three) => unknown])[])
  test(`names that ${name} of what was proved before is gone`, async () => {
    const three = await threeObjects()
    let mark: VerifiedSoFar | undefined
    const options = {
      resume: () => mark,
      onProved: (_chain: unknown, soFar: VerifiedSoFar) => {
        mark = soFar
      },
      provedBefore: [chain],
    }
    expect(await verifyArchive(three.archive, options)).toMatchObject({ isWhole: true })
    expect(await verifyArchive(three.archive, options)).toMatchObject({ isWhole: true, messages: 30 })
    await harm(three)
    const report = await verifyArchive(three.archive, options)
    expect(report.isWhole).toBe(false)
    expect(report.partitions[0]?.fault).toContain('what was proved up to offset 30 is not there any more')
    expect(await verifyArchive(three.archive, { ...options, feed: 'other' })).toMatchObject({ isWhole: true })
  })
