import { type FSWatcher, watch } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineRefusal, TransientFault } from '@dateline/ports'
import type { Feed, Logger, Metrics } from '@dateline/runtime'
import type { Acceptor } from './accept.ts'
import { settleFile } from './settle-file.ts'

export interface FolderOptions {
  readonly accept: Acceptor
  readonly log: Logger
  readonly metrics: Metrics
  readonly maxBytes: number
  readonly scanEveryMs?: number
  /** How long a file's size and time must stand still before it counts as whole. */
  readonly settledAfterMs?: number
}

interface Seen {
  readonly size: number
  readonly mtimeMs: number
  readonly sinceMs: number
}

/**
 * Takes whole files out of a folder, appends each like a push, then moves it to `done/`, never over another, or to `failed/` with the
 * reason beside it. A file stays while the log is away. A crash between append and move pushes it again: a duplicate, not a loss.
 */
export function watchFolder(
  feed: Feed,
  path: string,
  options: FolderOptions,
): { stop(deadlineMs?: number): Promise<void> } {
  const settledAfterMs = options.settledAfterMs ?? 2_000
  const seen = new Map<string, Seen>()
  // What was appended and could not be moved: only the move is tried again.
  const appended = new Map<string, Seen>()
  const complaints = new Set<string>()
  let watcher: FSWatcher | null = null
  let stopped = false
  let isAsked = false
  let scanning: Promise<void> = Promise.resolve()
  const look = (): void => {
    if (isAsked) return
    isAsked = true
    scanning = scanning.then(scan)
  }
  const timer = setInterval(look, options.scanEveryMs ?? 500).unref()
  options.log.info(`Watching ${resolve(path)} for the feed ${feed.name}`, { feed: feed.name })
  look()
  return {
    async stop(deadlineMs = 5_000) {
      stopped = true
      clearInterval(timer)
      await Promise.race([scanning, sleep(deadlineMs, undefined, { ref: false })])
      watcher?.close()
    },
  }

  async function scan(): Promise<void> {
    isAsked = false
    if (stopped) return
    try {
      await mkdir(join(path, 'done'), { recursive: true })
      await mkdir(join(path, 'failed'), { recursive: true })
      watcher ??= watch(path, { persistent: false }, look).on('error', () => {
        watcher = null
      })
      const entries = await readdir(path, { withFileTypes: true })
      const names = entries.filter((entry) => entry.isFile() && isCandidate(entry.name)).map((entry) => entry.name)
      for (const map of [seen, appended]) for (const name of map.keys()) if (!names.includes(name)) map.delete(name)
      for (const name of names.sort()) if (!stopped) await tryOne(name)
      content('')
    } catch (error) {
      complain('', `The folder ${path} of feed ${feed.name} cannot be worked through`, error)
    }
  }

  /** One file that cannot be read keeps no other waiting; a log that is away keeps all. */
  async function tryOne(name: string): Promise<void> {
    try {
      const whole = await wholeFile(name)
      if (whole !== null) await take(name, whole)
      content(name)
    } catch (error) {
      if (error instanceof TransientFault || error instanceof EngineRefusal) throw error
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      complain(name, `The file ${name} of feed ${feed.name} cannot be taken`, error)
    }
  }

  /** The file as it stands, once it stands still. */
  async function wholeFile(name: string): Promise<Seen | null> {
    const now = await statOf(name)
    const known = seen.get(name)
    if (known !== undefined && isSame(known, now)) return now.sinceMs - known.sinceMs >= settledAfterMs ? known : null
    // Older than the pause already when first seen: it was renamed in, or lay there before the start.
    const isOld = known === undefined && Date.now() - now.mtimeMs >= settledAfterMs
    seen.set(name, isOld ? { ...now, sinceMs: Number.NEGATIVE_INFINITY } : now)
    return isOld ? now : null
  }

  async function statOf(name: string): Promise<Seen> {
    const { size, mtimeMs } = await stat(join(path, name))
    return { size, mtimeMs, sinceMs: performance.now() }
  }

  async function take(name: string, whole: Seen): Promise<void> {
    const before = appended.get(name)
    if (before === undefined || !isSame(before, whole)) {
      if (whole.size === 0) return fail(name, 'The file is empty: put the wire message itself in it.')
      if (whole.size > options.maxBytes)
        return fail(
          name,
          `The file has ${whole.size} bytes, a wire message may have ${options.maxBytes}: send the text without its media.`,
        )
      const bytes = await readFile(join(path, name))
      if (!isSame(whole, await statOf(name))) return
      const accepted = await options.accept(feed, { bytes, door: 'folder', name })
      if (accepted.kind === 'too-large')
        return fail(name, `The file is larger than the log takes (${accepted.limitBytes} bytes).`)
      appended.set(name, whole)
      options.metrics.messages.inc({ feed: feed.name, lane: accepted.lane })
    }
    await settleFile(path, name, 'done')
    seen.delete(name)
    appended.delete(name)
  }

  async function fail(name: string, reason: string): Promise<void> {
    const moved = await settleFile(path, name, 'failed')
    seen.delete(name)
    await writeFile(`${moved}.reason.txt`, `${reason}\n`)
    options.log.info(`A file failed: ${reason}`, { feed: feed.name, file: moved })
  }

  /** Said once until it works again: everything is tried at every scan. */
  function complain(what: string, message: string, error: unknown): void {
    if (complaints.has(what)) return
    complaints.add(what)
    options.log.warn(message, { feed: feed.name, err: error })
  }

  function content(what: string): void {
    if (complaints.delete(what) && what === '')
      options.log.info(`The folder ${path} can be worked through again`, { feed: feed.name })
  }
}

const isSame = (left: Seen, right: Seen): boolean => left.size === right.size && left.mtimeMs === right.mtimeMs

/** Names that programs give to what they have not finished. */
const isCandidate = (name: string): boolean => !name.startsWith('.') && !/\.(?:tmp|part|partial|filepart)$/i.test(name)
