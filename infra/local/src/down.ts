import { existsSync } from 'node:fs'
import { withLock } from './lock.ts'
import { signalProcess, stateOf, waitUntil } from './processes.ts'
import { type EngineRecord, forgetRecord, readRecords, removeIfEmpty, runLock, wipeRunDirectory } from './records.ts'
import { type EngineKind, type EnginesOptions, resolveSettings } from './settings.ts'

/** After this, SIGKILL: no engine here needs a clean end to keep what it acknowledged. */
const graceMs: Readonly<Record<EngineKind, number>> = { kafka: 10_000, s3: 5_000, redis: 10_000 }

export type DownOptions = Pick<EnginesOptions, 'dir' | 'onProgress'> & {
  /** Also removes data and logs; the cache of programs stays. */
  readonly wipe?: boolean | undefined
}

/** Stops what was started here, and nothing else; resolves with the names of those that ran. */
export async function enginesDown(options: DownOptions = {}): Promise<readonly string[]> {
  const { dir, onProgress } = resolveSettings(options)
  if (!existsSync(dir)) return []
  const stop = async (record: EngineRecord): Promise<readonly string[]> => {
    const how = await stopProcess(record, options.wipe ? 0 : graceMs[record.kind])
    forgetRecord(dir, record.name)
    if (how !== 'was gone') onProgress(`${record.name}: ${how}`)
    return how === 'was gone' ? [] : [record.name]
  }
  const stopAll = async (): Promise<readonly string[]> => {
    const stopped = await Promise.all(readRecords(dir).map(stop))
    if (options.wipe) wipeRunDirectory(dir)
    return stopped.flat()
  }
  const onWait = (pid: number): void => onProgress(`waiting for process ${pid}, which starts or stops engines`)
  const stopped = await withLock(runLock(dir), stopAll, onWait)
  removeIfEmpty(dir)
  return stopped
}

async function stopProcess(record: EngineRecord, graceMs: number): Promise<'was gone' | 'stopped' | 'killed'> {
  const isGone = (): boolean => stateOf(record.process) === 'gone'
  if (isGone()) return 'was gone'
  if (graceMs > 0) {
    signalProcess(record.process, 'SIGTERM')
    signalProcess(record.process, 'SIGCONT') // a paused process takes SIGTERM only when it goes on
    if (await waitUntil(isGone, graceMs)) return 'stopped'
  }
  signalProcess(record.process, 'SIGKILL')
  await waitUntil(isGone, 10_000)
  return 'killed'
}
