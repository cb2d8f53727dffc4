import type { Archive, ArchiveObject } from '@dateline/ports'
import type { Breakage } from './breakages-log.ts'

/** Takes the whole listing apart and puts it together as `change` says. */
const listing = (
  archive: Archive,
  change: (objects: ArchiveObject[], after: string | undefined) => ArchiveObject[],
): Partial<Archive> => ({
  async *list(prefix, after) {
    const objects: ArchiveObject[] = []
    for await (const object of archive.list(prefix)) objects.push(object)
    yield* change(objects, after)
  },
})

const behind = (objects: ArchiveObject[], after = ''): ArchiveObject[] => objects.filter(({ key }) => key > after)

const overwriting = (archive: Archive): Partial<Archive> => ({
  async put(key, bytes, metadata) {
    await archive.remove(key)
    return archive.put(key, bytes, metadata)
  },
})

export const archiveBreakages: readonly Breakage<Archive>[] = [
  ['gives back the same bytes and metadata', (archive) => ({ put: (key, bytes) => archive.put(key, bytes) })],
  [
    'gives back the same bytes and metadata',
    (archive) => ({ put: (key, bytes, metadata) => archive.put(key, bytes.subarray(0, 1_000_000), metadata) }),
  ],
  [
    'keeps an empty object, and one without metadata',
    (archive) => ({ get: async (...asked) => (await archive.get(...asked)) || null, head: async () => null }),
  ],
  [
    'answers null for what is not there',
    (archive) => ({ get: async (...asked) => (await archive.get(...asked)) ?? Buffer.alloc(0) }),
  ],
  ['never overwrites: the second writer is told and the first bytes stay', overwriting],
  [
    'never overwrites: the second writer is told and the first bytes stay',
    (archive) => ({ put: async (...object) => (await archive.put(...object)) && 'created' }),
  ],
  [
    'lets exactly one of twenty writers create',
    (archive) => ({
      async put(key, bytes, metadata) {
        if ((await archive.head(key)) !== null) return 'exists'
        await archive.put(key, bytes, metadata)
        return 'created'
      },
    }),
  ],
  ['reads a range of the bytes', (archive) => ({ get: (key) => archive.get(key) })],
  [
    'lists every object once, in byte order of the whole keys',
    (archive) => listing(archive, (objects, after) => behind(objects, after).slice(0, 1_000)),
  ],
  [
    'lists every object once, in byte order of the whole keys',
    (archive) =>
      listing(archive, (objects, after) => behind(objects, after).sort((a, b) => a.key.localeCompare(b.key))),
  ],
  [
    'lists every object once, in byte order of the whole keys',
    // As a directory is walked: the names within a folder in order, each folder where its bare name sorts.
    (archive) =>
      listing(archive, (objects, after) =>
        behind(objects, after).sort((a, b) => (a.key.replaceAll('/', '\0') < b.key.replaceAll('/', '\0') ? -1 : 1)),
      ),
  ],
  [
    'lists by any prefix, also within a segment',
    (archive) => ({ list: (prefix, after) => archive.list(prefix.endsWith('/') ? prefix : `${prefix}/`, after) }),
  ],
  ['lists from behind a key, whether that exists or not', (archive) => ({ list: (prefix) => archive.list(prefix) })],
  [
    'lists from behind a key, whether that exists or not',
    (archive) => listing(archive, (objects, after) => objects.slice(objects.findIndex(({ key }) => key === after) + 1)),
  ],
  ['removes an object, and one that is not there', () => ({ remove: async () => undefined })],
  [
    'removes an object, and one that is not there',
    (archive) => ({
      async remove(key) {
        if ((await archive.head(key)) === null) throw new Error('no such object')
        await archive.remove(key)
      },
    }),
  ],
  [
    'refuses keys that an engine might fold or misread',
    (archive) => ({
      put: (key, bytes, metadata) => archive.put(key.replaceAll('//', '/').replaceAll('/./', '/'), bytes, metadata),
    }),
  ],
  ['remembers over a restart', (archive) => ({ get: async () => null, put: archive.put })],
]
