import { randomBytes } from 'node:crypto'
import { type FileHandle, link, mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Archive, requireArchiveKey, requireArchiveMetadata } from '@dateline/ports'
import { folderFault, hasFileCode } from '../store/folder-fault.ts'
import { makeFolder } from '../store/make-folder.ts'
import { listObjects } from './list-objects.ts'
import { readAt, readMetadata, splitAt, tailLength, trailerOf } from './object-file.ts'

/** Not a key's segment, so never in the way of one. */
const unfinished = '~unfinished'
const unfinishedKeptMs = 3_600_000

/** Objects as files under a folder, which is the archive's whole truth: it can be copied, moved and read by other tools. */
export async function openDirectoryArchive({ dir }: { readonly dir: string }): Promise<Archive> {
  makeFolder(join(dir, unfinished), 'archive')
  await translated(dropUnfinished)

  /** What a crash left half written; younger ones may still be in the making by another process. */
  async function dropUnfinished(): Promise<void> {
    for (const name of await readdir(join(dir, unfinished))) {
      const path = join(dir, unfinished, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
      if (mtimeMs < Date.now() - unfinishedKeptMs) await rm(path, { force: true })
    }
  }

  function translated<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw folderFault(error, 'archive', dir)
    })
  }

  async function opened<T>(
    key: string,
    look: (file: FileHandle, at: { size: number; metadataBytes: number }) => Promise<T>,
  ): Promise<T | null> {
    requireArchiveKey(key)
    return translated(async () => {
      let file: FileHandle
      try {
        file = await open(join(dir, key), 'r')
      } catch (error) {
        if (hasFileCode(error, 'ENOENT', 'ENOTDIR')) return null
        throw error
      }
      try {
        const stats = await file.stat()
        if (stats.isDirectory()) return null
        const at = splitAt(stats.size, await readAt(file, Math.max(0, stats.size - tailLength), tailLength))
        return await look(file, at)
      } finally {
        await file.close()
      }
    })
  }

  return {
    async put(key, bytes, metadata = {}) {
      requireArchiveKey(key)
      requireArchiveMetadata(metadata)
      return translated(async () => {
        const path = join(dir, key)
        if (await exists(path)) return 'exists'
        const draft = join(dir, unfinished, randomBytes(12).toString('hex'))
        try {
          await writeDurably(draft, [bytes, trailerOf(metadata)])
          await makeFolders(dir, dirname(key))
          // A link is made only where nothing is: of any number of writers one gets it, and it is whole before it has its name.
          await link(draft, path)
          await syncFolder(dirname(path))
          return 'created'
        } catch (error) {
          if (hasFileCode(error, 'EEXIST')) return 'exists'
          throw error
        } finally {
          await unlink(draft).catch(() => undefined)
        }
      })
    },

    get: (key, range) =>
      opened(key, (file, { size }) => {
        const start = Math.min(range?.start ?? 0, size)
        return readAt(file, start, Math.min(range?.length ?? size, size - start))
      }),

    head: (key) => opened(key, async (file, at) => ({ size: at.size, metadata: await readMetadata(file, at) })),

    async *list(prefix, after = '') {
      try {
        yield* listObjects(dir, prefix, after)
      } catch (error) {
        throw folderFault(error, 'archive', dir)
      }
    },

    async remove(key) {
      requireArchiveKey(key)
      await translated(async () => {
        const path = join(dir, key)
        try {
          await unlink(path)
          await syncFolder(dirname(path))
        } catch (error) {
          if (!hasFileCode(error, 'ENOENT', 'ENOTDIR')) throw error
        }
      })
    },

    close: async () => undefined,
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )

async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for (const part of parts) await file.writeFile(part)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Makes the folders of a key, each of them on disk before anything lies in it. */
async function makeFolders(root: string, folder: string): Promise<void> {
  if (folder === '.') return
  const path = join(root, folder)
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
