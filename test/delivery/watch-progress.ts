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
  /** Resolves when so many are passed; false when the replay is done or nothing was noted for five minutes. */
  until(passed: number): Promise<boolean>
  stop(): Promise<void>
}

const lookEveryMs = 20
const patienceMs = 300_000

export function watchProgress(log: EventLog, id: string): ProgressWatch {
  let passed = 0
  let furthest = 0
  let mostBack = 0
  let count = 0
  let isDone = false
  let isOver = false
  let notedAtMs = performance.now()
  const watching = watch()
  return {
    passed: () => passed,
    count: () => count,
    mostBack: () => mostBack,
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
        if (key?.toString('utf8') === `${id} progress`) take(value?.toString('utf8') ?? '{}')
      }
    }
  }

  function take(text: string): void {
    const { publish } = (JSON.parse(text) as { progress?: ReplayProgress }).progress ?? {}
    if (publish === undefined) return
    count += 1
    notedAtMs = performance.now()
    passed = publish.passed
    mostBack = Math.max(mostBack, furthest - passed)
    furthest = Math.max(furthest, passed)
    isDone = publish.isDone
  }
}
