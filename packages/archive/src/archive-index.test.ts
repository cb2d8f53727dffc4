import type { LogRecord } from '@dateline/ports'
import { expect, test } from 'vitest'
import { buildIndex, getIndex, indexKey, putIndex, type StoryMention } from './archive-index.ts'
import { findStory } from './find-story.ts'
import { indexChain } from './index-chain.ts'
import { joinObjects } from './join-objects.ts'
import { sweepChain } from './sweep-chain.ts'
import { allOf } from './testing/all-of.ts'
import { countingArchive } from './testing/counting-archive.ts'
import { fillChain } from './testing/fill-chain.ts'
import { type MemoryArchive, memoryArchive } from './testing/memory-archive.ts'
import { chain, message, messages } from './testing/records.ts'

/** Message n holds the stories `anp:<n % 10>` of the version n, and `anp:every` without one. */
const storiesIn = (record: LogRecord): readonly StoryMention[] => {
  const number = Number(/\d+/.exec(record.value?.toString() ?? '')?.[0])
  return [
    { item: 0, storyKey: `anp:${number % 10}`, version: String(number) },
    { item: 1, storyKey: 'anp:every' },
  ]
}

async function filled(): Promise<MemoryArchive> {
  const archive = memoryArchive()
  await fillChain(
    archive,
    chain,
    [0, 20, 40, 60, 80].map((from) => messages(from, from + 20)),
  )
  return archive
}

const key = (base: number): string => `raw/v1/wire.anp/log-1/p=0/${String(base).padStart(20, '0')}`

async function find(archive: MemoryArchive, storyKey: string, version?: string) {
  const unindexed: string[] = []
  const found = await allOf(
    findStory(archive, storyKey, {
      isOf: (feed) => feed === 'anp',
      storiesIn,
      onUnindexed: (object) => unindexed.push(object),
      ...(version === undefined ? {} : { version }),
    }),
  )
  return { offsets: found.map((one) => one.record.offset), found, unindexed }
}

test('says where every message of an object lies, and what was found in it', async () => {
  const archive = await filled()
  const index = await buildIndex(archive, key(20), { feed: 'anp', storiesIn })
  expect(index?.messages).toHaveLength(20)
  for (const { offset, member, sha256, stories, timeMs, length } of index?.messages ?? []) {
    expect(timeMs).toBe(message(offset).timeMs)
    expect(length).toBe(message(offset).value?.length)
    expect(stories[0]).toEqual({ item: 0, storyKey: `anp:${offset % 10}`, version: String(offset) })
    expect(sha256).toHaveLength(64)
    expect((await archive.get(key(20), member))?.length).toBe(member.length)
  }
})

test('indexes every object once, and again when it is told to', async () => {
  const archive = await filled()
  expect(await indexChain(archive, chain, { storiesIn })).toBe(5)
  expect(await indexChain(archive, chain, { storiesIn })).toBe(0)
  expect(await indexChain(archive, chain, { storiesIn, isAnew: true })).toBe(5)
  expect([...archive.objects.keys()].filter((one) => one.startsWith('index/'))).toHaveLength(5)
})

test('finds every message of a story, or those of one version, by one ranged read each', async () => {
  const archive = await filled()
  await indexChain(archive, chain, { storiesIn })
  expect(await find(archive, 'anp:3')).toMatchObject({
    offsets: [3, 13, 23, 33, 43, 53, 63, 73, 83, 93],
    unindexed: [],
  })
  const { found, offsets } = await find(archive, 'anp:3', '43')
  expect(offsets).toEqual([43])
  expect(found[0]).toMatchObject({ ...chain, key: key(40), record: message(43), mention: { item: 0, version: '43' } })
  expect((await find(archive, 'anp:nobody')).offsets).toEqual([])
})

test('asks for each object and its index once, where a story is in none', async () => {
  const archive = await filled()
  await indexChain(archive, chain, { storiesIn })
  const counting = countingArchive(archive)
  expect(await allOf(findStory(counting, 'anp:nobody', { isOf: () => true, storiesIn }))).toEqual([])
  expect(counting.requests()).toMatchObject({ head: 5, get: 5, again: [] })
})

test('passes over what has no index when it may not look for itself', async () => {
  const archive = await filled()
  await indexChain(archive, chain, { storiesIn })
  archive.objects.delete(indexKey(key(40)))
  const unindexed: string[] = []
  const options = { isOf: () => true, storiesIn: null, onUnindexed: (object: string) => unindexed.push(object) }
  const found = await allOf(findStory(archive, 'anp:5', options))
  expect(found.map((one) => one.record.offset)).toEqual([5, 15, 25, 35, 65, 75, 85, 95])
  expect(unindexed).toEqual([key(40)])
})

test('finds the same without any index, and says which objects it had to read whole', async () => {
  const archive = await filled()
  expect(await find(archive, 'anp:7')).toMatchObject({ offsets: [7, 17, 27, 37, 47, 57, 67, 77, 87, 97] })
  expect((await find(archive, 'anp:7')).unindexed).toHaveLength(5)
})

const wrongs: readonly (readonly [string, (archive: MemoryArchive) => Promise<void>])[] = [
  [
    'that names another message',
    async (archive) => {
      const index = await buildIndex(archive, key(40), { feed: 'anp', storiesIn })
      if (index === null) return
      const messages = index.messages.map((one, at) => ({
        ...one,
        stories: index.messages[(at + 1) % 20]?.stories ?? [],
      }))
      await putIndex(archive, { ...index, messages })
    },
  ],
  [
    'that points to other bytes',
    async (archive) => {
      const index = await buildIndex(archive, key(40), { feed: 'anp', storiesIn })
      if (index === null) return
      const messages = index.messages.map((one) => ({ ...one, member: index.messages[0]?.member ?? one.member }))
      await putIndex(archive, { ...index, messages })
    },
  ],
  [
    'that is damaged',
    async (archive) => {
      archive.objects.get(indexKey(key(40)))?.bytes.fill(7, 10, 20)
    },
  ],
  [
    'of other bytes under the same key',
    async (archive) => {
      const index = await buildIndex(archive, key(40), { feed: 'anp', storiesIn })
      if (index !== null) await putIndex(archive, { ...index, sha256: 'f'.repeat(64), messages: [] })
    },
  ],
  [
    'that is no list of messages',
    async (archive) => {
      const index = await buildIndex(archive, key(40), { feed: 'anp', storiesIn })
      if (index !== null) await putIndex(archive, { ...index, messages: [{ offset: 'x' }] as never })
    },
  ],
  [
    'of an older format',
    async (archive) => {
      const index = await buildIndex(archive, key(40), { feed: 'anp', storiesIn })
      if (index !== null) await putIndex(archive, { ...index, ...{ format: 'x/0' }, messages: [] })
    },
  ],
]

for (const [name, harm] of wrongs) {
  test(`trusts no index ${name}`, async () => {
    const archive = await filled()
    await indexChain(archive, chain, { storiesIn })
    await harm(archive)
    const { offsets, unindexed } = await find(archive, 'anp:5')
    expect(offsets).toEqual([5, 15, 25, 35, 45, 55, 65, 75, 85, 95])
    expect(unindexed).toEqual([key(40)])
  })
}

test('puts a right index in the place of a wrong one', async () => {
  const archive = await filled()
  await indexChain(archive, chain, { storiesIn })
  const wrong = archive.objects.get(indexKey(key(0)))
  wrong?.bytes.fill(0)
  const index = await buildIndex(archive, key(0), { feed: 'anp', storiesIn })
  if (index !== null) await putIndex(archive, { ...index, messages: index.messages.slice(0, 3) })
  if (index !== null) await putIndex(archive, index)
  expect(await getIndex(archive, { key: key(0), sha256: index?.sha256 ?? '' })).toEqual(index)
})

test('goes with the objects that are joined', async () => {
  const archive = await filled()
  await indexChain(archive, chain, { storiesIn })
  const beforeMs = message(100).timeMs + 9 * 86_400_000
  for await (const _joined of joinObjects(archive, chain, { beforeMs, writer: 'w' }));
  await sweepChain(archive, chain)
  expect(await indexChain(archive, chain, { storiesIn })).toBe(1)
  expect([...archive.objects.keys()].filter((one) => one.startsWith('index/'))).toHaveLength(2)
  expect(await find(archive, 'anp:3')).toMatchObject({
    offsets: [3, 13, 23, 33, 43, 53, 63, 73, 83, 93],
    unindexed: [],
  })
})
