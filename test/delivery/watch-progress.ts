import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@dateline/ports'
import type { ReplayProgress } from '@dateline/replay'

/** Every note of a replay's progress, read as it comes: later the topic keeps only the newest. */
export interface ProgressWatch {
  /** Offsets passed, by the newest note. */
  passed(): number
  count(): number
  /** Offsets by which a note was behind an earlier one, at most. */
  mostBack(): number
  /** The longest time without a note: how long a death stood in the way, with the start of a successor. */
  longestSilenceMs(): number
  /** Resolves when so many are passed; false when the replay is done or nothing was noted for a minute. */
  until(passed: number): Promise<boolean>
  stop(): Promise<void>
}

const lookEveryMs = 20
const patienceMs = 60_000

export function watchProgress(log: EventLog, id: string): ProgressWatch {
  let passed = 0
  let furthest = 0
  let mostBack = 0
  let count = 0
  let longestSilenceMs = 0
  let tenure = 0
  let isDone = false
  let isOver = false
  let notedAtMs = performance.now()
  const watching = watch()
  return {
    passed: () => passed,
    count: () => count,
    mostBack: () => mostBack,
    longestSilenceMs: () => Math.round(longestSilenceMs),
    async until(wanted) {
      while (passed < wanted) {
        if (isDone || performance.now() - notedAtMs > patienceMs) return false
        await sleep(lookEveryMs)
      }
      return !isDone
    },
    async stop() {
      isOver = true
      await watching
    },
  }

  async function watch(): Promise<void> {
    let next = 0
    for (; !isOver; await sleep(lookEveryMs)) {
      for (const { key, value, offset } of await log.read('replays', 0, next, { maxRecords: 500 })) {
        next = offset + 1
        if (key?.toString('utf8') === `${id} tenure`) tenure = offset
        if (key?.toString('utf8') === `${id} progress`) take(value?.toString('utf8') ?? '{}')
      }
    }
  }

  function take(text: string): void {
    const note = JSON.parse(text) as { progress?: ReplayProgress; tenure: number }
    // Of one that was taken for dead and is not: nobody reads it.
    const { publish } = note.progress ?? {}
    if (publish === undefined || note.tenure < tenure) return
    if (count > 0) longestSilenceMs = Math.max(longestSilenceMs, performance.now() - notedAtMs)
    count += 1
    notedAtMs = performance.now()
    passed = publish.passed
    mostBack = Math.max(mostBack, furthest - passed)
    furthest = Math.max(furthest, passed)
    isDone = publish.isDone
  }
}
