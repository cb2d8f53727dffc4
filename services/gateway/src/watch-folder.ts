import { type FSWatcher, watch } from 'node:fs'
import { access, link, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { Feed, Logger, Metrics } from '@dateline/runtime'
import type { createAcceptor } from './accept.ts'

export interface FolderOptions {
  readonly accept: ReturnType<typeof createAcceptor>
  readonly log: Logger
  readonly metrics: Metrics
  readonly maxBytes: number
  readonly scanEveryMs?: number
  /** How long a file's size and time must stand still before it counts as whole. */
  readonly settledAfterMs?: number
}

/**
 * Takes whole files out of a folder, appends each like a push, then moves it to `done/`, never over another, or to `failed/` with the
 * reason beside it. A file stays while the log is away. A crash between append and move pushes it again: a duplicate, not a loss.
 */
export function watchFolder(feed: Feed, path: string, options: FolderOptions): { stop(): Promise<void> } {
  const settledAfterMs = options.settledAfterMs ?? 2_000
  const seen = new Map<string, { size: number; mtimeMs: number; sinceMs: number }>()
  let watcher: FSWatcher | null = null
  let stopped = false
  let isWell = true
  let scanning: Promise<void> = Promise.resolve()
  const look = (): void => {
    scanning = scanning.then(scan)
  }
  const timer = setInterval(look, options.scanEveryMs ?? 500)
  look()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      watcher?.close()
      await scanning
    },
  }

  async function scan(): Promise<void> {
    if (stopped) return
    try {
      await mkdir(join(path, 'done'), { recursive: true })
      await mkdir(join(path, 'failed'), { recursive: true })
      watcher ??= watch(path, { persistent: false }, look).on('error', () => {
        watcher = null
      })
      const present = (await readdir(path, { withFileTypes: true }))
        .filter((entry) => entry.isFile() && isCandidate(entry.name))
        .map((entry) => entry.name)
      for (const name of [...seen.keys()]) if (!present.includes(name)) seen.delete(name)
      for (const name of present.sort()) if (!stopped && (await isWhole(name))) await take(name)
      if (!isWell) options.log.info(`The folder ${path} can be read again`, { feed: feed.name })
      isWell = true
    } catch (error) {
      // Said once until it works again: the folder is tried at every scan.
      if (isWell)
        options.log.warn(
          `The folder ${path} of feed ${feed.name} cannot be worked through: ${(error as Error).message}`,
          { feed: feed.name, err: error },
        )
      isWell = false
    }
  }

  async function isWhole(name: string): Promise<boolean> {
    const { size, mtimeMs } = await stat(join(path, name))
    const known = seen.get(name)
    const nowMs = performance.now()
    if (known === undefined || known.size !== size || known.mtimeMs !== mtimeMs) {
      // Older than the pause already when first seen: it was renamed in, or lay there before the start.
      const isOld = known === undefined && Date.now() - mtimeMs >= settledAfterMs
      seen.set(name, { size, mtimeMs, sinceMs: nowMs })
      return isOld
    }
    return nowMs - known.sinceMs >= settledAfterMs
  }

  async function take(name: string): Promise<void> {
    const file = join(path, name)
    const { size } = await stat(file)
    if (size === 0) return fail(name, 'The file is empty: put the wire message itself in it.')
    if (size > options.maxBytes)
      return fail(
        name,
        `The file has ${size} bytes, a wire message may have ${options.maxBytes}: send the text without its media.`,
      )
    const bytes = await readFile(file)
    const accepted = await options.accept(feed, { bytes, door: 'folder', name })
    if (accepted.kind === 'too-large')
      return fail(name, `The file is larger than the log takes (${accepted.limitBytes} bytes).`)
    options.metrics.messages.inc({ feed: feed.name, lane: accepted.lane })
    await moveInto('done', name)
  }

  async function fail(name: string, reason: string): Promise<void> {
    const moved = await moveInto('failed', name)
    await writeFile(`${moved}.reason.txt`, `${reason}\n`)
    options.log.info(`A file failed: ${reason}`, { feed: feed.name, file: moved })
  }

  /** A hard link fails where the name is taken, a rename would replace; so the link chooses the name. */
  async function moveInto(folder: 'done' | 'failed', name: string): Promise<string> {
    const extension = extname(name)
    for (let attempt = 0; ; attempt += 1) {
      const target = join(path, folder, attempt === 0 ? name : `${basename(name, extension)}.${attempt}${extension}`)
      try {
        await link(join(path, name), target)
        await unlink(join(path, name))
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code
        if (code === 'EEXIST') continue
        if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error
        if (await exists(target)) continue
        await rename(join(path, name), target)
      }
      seen.delete(name)
      return target
    }
  }
}

const isCandidate = (name: string): boolean => !name.startsWith('.') && !name.endsWith('.tmp')

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
