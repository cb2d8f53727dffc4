import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { Archive, ArchiveObject } from '../archive.ts'
import { type ContractPromise, declareContract } from './contract-promise.ts'
import { uniqueName, withCleanup } from './scope.ts'
import { rejectionOf } from './waiting.ts'

export interface ArchiveSubject {
  /** Every call opens a new connection to the same archive. */
  readonly open: () => Promise<Archive>
}

interface Bench {
  readonly archive: Archive
  /** A folder that no other check uses; all under it is removed in the end. */
  readonly folder: string
  another(): Promise<Archive>
}

function promise(name: string, check: (bench: Bench) => Promise<void>): ContractPromise<ArchiveSubject> {
  return {
    promise: name,
    check: (subject) =>
      withCleanup(subject, async ({ another, undoLater }) => {
        const archive = await another()
        const folder = uniqueName('contract')
        undoLater(async () => {
          const objects = await listed(archive, `${folder}/`)
          await inChunks(objects, (object) => archive.remove(object.key))
        })
        await check({ archive, folder, another })
      }),
  }
}

async function listed(archive: Archive, prefix: string, after?: string): Promise<ArchiveObject[]> {
  const objects: ArchiveObject[] = []
  for await (const object of archive.list(prefix, after)) objects.push(object)
  return objects
}

const keysOf = (objects: readonly ArchiveObject[]): string[] => objects.map((object) => object.key)

async function inChunks<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += 50) await Promise.all(items.slice(at, at + 50).map(run))
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

export const archivePromises: readonly ContractPromise<ArchiveSubject>[] = [
  promise('gives back the same bytes and metadata', async ({ archive, folder, another }) => {
    const bytes = randomBytes(1_500_000)
    const metadata = { base: '00000000000000000000', sha256: 'abc123==', writer: 'archiver 1' }
    expect(await archive.put(`${folder}/a`, bytes, metadata)).toBe('created')
    const reader = await another()
    expect((await reader.get(`${folder}/a`))?.equals(bytes)).toBe(true)
    expect(await reader.head(`${folder}/a`)).toEqual({ size: bytes.length, metadata })
  }),

  promise('keeps an empty object, and one without metadata', async ({ archive, folder }) => {
    expect(await archive.put(`${folder}/empty`, Buffer.alloc(0))).toBe('created')
    expect(await archive.get(`${folder}/empty`)).toEqual(Buffer.alloc(0))
    expect(await archive.head(`${folder}/empty`)).toEqual({ size: 0, metadata: {} })
  }),

  promise('answers null for what is not there', async ({ archive, folder }) => {
    await archive.put(`${folder}/deep/er`, Buffer.from('x'))
    for (const key of [`${folder}/none`, `${folder}/deep`, `${folder}/deep/er2`]) {
      expect(await archive.get(key)).toBe(null)
      expect(await archive.get(key, { start: 0, length: 1 })).toBe(null)
      expect(await archive.head(key)).toBe(null)
    }
  }),

  promise('never overwrites: the second writer is told and the first bytes stay', async ({ archive, folder }) => {
    const key = `${folder}/raw/v1/p=0/00000000000000000000`
    expect(await archive.put(key, Buffer.from('first'), { writer: 'one' })).toBe('created')
    expect(await archive.put(key, Buffer.from('the second'), { writer: 'two' })).toBe('exists')
    expect((await archive.get(key))?.toString()).toBe('first')
    expect((await archive.head(key))?.metadata).toEqual({ writer: 'one' })
  }),

  promise('lets exactly one of twenty writers create', async ({ archive, folder, another }) => {
    const other = await another()
    for (let round = 0; round < 3; round++) {
      const key = `${folder}/race-${round}`
      const bodies = Array.from({ length: 20 }, () => randomBytes(20_000))
      const outcomes = await Promise.all(
        bodies.map((body, index) => (index % 2 ? archive : other).put(key, body, { writer: String(index) })),
      )
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
      const winner = outcomes.indexOf('created')
      expect((await archive.get(key))?.equals(bodies[winner] ?? Buffer.alloc(0))).toBe(true)
      expect((await archive.head(key))?.metadata).toEqual({ writer: String(winner) })
    }
  }),

  promise('reads a range of the bytes', async ({ archive, folder }) => {
    const bytes = randomBytes(300_000)
    const key = `${folder}/ranged`
    await archive.put(key, bytes)
    for (const [start, length] of [
      [0, 1],
      [0, 300_000],
      [123_456, 7_890],
      [299_999, 1],
    ] as const) {
      expect((await archive.get(key, { start, length }))?.equals(bytes.subarray(start, start + length))).toBe(true)
    }
    expect(await archive.get(key, { start: 299_990, length: 100 })).toEqual(bytes.subarray(299_990))
    expect(await archive.get(key, { start: 300_000, length: 10 })).toEqual(Buffer.alloc(0))
  }),

  promise('lists every object once, in byte order of the whole keys', async ({ archive, folder }) => {
    const names = [
      'a/b',
      'a-b',
      'a.b',
      'a=b',
      'a0',
      'a_b',
      'A',
      'B/c',
      'a/B',
      'a/b-c',
      'b',
      'aa',
      'a-',
      'Z-/x',
      'a-b=/x',
    ]
    const many = Array.from(
      { length: 1_005 },
      (_, index) => `n/p=${index % 3}/${String(index * 7919).padStart(20, '0')}`,
    )
    const keys = [...names, ...many].map((name) => `${folder}/${name}`)
    await inChunks(keys, (key) => archive.put(key, Buffer.from(key)))
    const objects = await listed(archive, `${folder}/`)
    expect(keysOf(objects)).toEqual(keys.toSorted(byBytes))
    for (const object of objects) expect(object.size).toBe(object.key.length)
    const middle = keysOf(objects)[700] ?? ''
    expect(keysOf(await listed(archive, `${folder}/`, middle))).toEqual(keys.toSorted(byBytes).slice(701))
  }),

  promise('lists by any prefix, also within a segment', async ({ archive, folder }) => {
    const names = ['wire.anp/1', 'wire.anp/2', 'wire.anp.flash/1', 'wire.an', 'wire.dpa/1', 'wire.anp-x/1']
    for (const name of names) await archive.put(`${folder}/${name}`, Buffer.from('x'))
    const under = async (prefix: string) =>
      keysOf(await listed(archive, `${folder}/${prefix}`)).map((key) => key.slice(folder.length + 1))
    expect(await under('wire.anp')).toEqual(['wire.anp-x/1', 'wire.anp.flash/1', 'wire.anp/1', 'wire.anp/2'])
    expect(await under('wire.anp/')).toEqual(['wire.anp/1', 'wire.anp/2'])
    expect(await under('wire.d')).toEqual(['wire.dpa/1'])
    expect(await under('none')).toEqual([])
  }),

  promise('lists from behind a key, whether that exists or not', async ({ archive, folder }) => {
    for (const name of ['a/1', 'a/3', 'b', 'c/1/x']) await archive.put(`${folder}/${name}`, Buffer.from('x'))
    const behind = async (name: string) =>
      keysOf(await listed(archive, `${folder}/`, `${folder}/${name}`)).map((key) => key.slice(folder.length + 1))
    expect(await behind('a/1')).toEqual(['a/3', 'b', 'c/1/x'])
    expect(await behind('a/2')).toEqual(['a/3', 'b', 'c/1/x'])
    expect(await behind('a/3')).toEqual(['b', 'c/1/x'])
    expect(await behind('b')).toEqual(['c/1/x'])
    expect(await behind('c/1/x')).toEqual([])
  }),

  promise('removes an object, and one that is not there', async ({ archive, folder }) => {
    const key = `${folder}/a/b/c`
    await archive.put(key, Buffer.from('one'))
    await archive.remove(key)
    await archive.remove(key)
    await archive.remove(`${folder}/never/there`)
    expect(await archive.head(key)).toBe(null)
    expect(await listed(archive, `${folder}/`)).toEqual([])
    expect(await archive.put(key, Buffer.from('two'))).toBe('created')
    expect((await archive.get(key))?.toString()).toBe('two')
  }),

  promise('refuses keys that an engine might fold or misread', async ({ archive, folder }) => {
    const names = [
      '',
      '/a',
      'a/',
      'a//b',
      'a/./b',
      'a/../b',
      '..',
      '.',
      'a b',
      'a\\b',
      'ë',
      'a\0',
      'a:b',
      'x'.repeat(255),
    ]
    const keys = [...names.map((name) => `${folder}/${name}`), `/${folder}/a`, `./${folder}/a`, '']
    for (const key of keys) await rejectionOf(archive.put(key, Buffer.from('x')))
    expect(await listed(archive, `${folder}/`)).toEqual([])
    expect(await archive.put(`${folder}/${'x'.repeat(254)}`, Buffer.from('x'))).toBe('created')
  }),

  promise('remembers over a restart', async ({ archive, folder, another }) => {
    const before = await another()
    await before.put(`${folder}/a`, Buffer.from('x'), { n: '1' })
    await before.close()
    expect((await archive.get(`${folder}/a`))?.toString()).toBe('x')
    expect(keysOf(await listed(archive, `${folder}/`))).toEqual([`${folder}/a`])
    expect(await archive.put(`${folder}/a`, Buffer.from('y'))).toBe('exists')
  }),
]

/** What every Archive promises, one test each. */
export function archiveContract(name: string, subject: ArchiveSubject): void {
  declareContract(`${name}: archive`, archivePromises, subject)
}
