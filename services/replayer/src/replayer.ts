import { type JobVerdict, type JobWork, type RunningJob, TransientFault } from '@dateline/ports'
import { createReplayBook, phaseOf, type ReplayKnock, replayJob, replayQueue } from '@dateline/replay'
import {
  createPulse,
  durationMs,
  failure,
  patiently,
  type Service,
  type ServiceContext,
  tellFault,
} from '@dateline/runtime'
import { createBrake } from './brake.ts'
import { createCourtesy } from './courtesy.ts'
import { measureLive } from './measure-live.ts'
import { runReplay } from './run-replay.ts'
import { takenByLive } from './taken-by-live.ts'

export interface ReplayerOptions {
  readonly reconcileEveryMs?: number
}

const askAgainMs = 1_000
/**
 * How long the replays of a replayer that died stand still, at most. A loop that is busy for half of that loses nothing; where one stands
 * still for longer its replay is given to another, and what it does afterwards is repeats and notes that do not count.
 */
const deadAfterMs = 10_000

/** Works on replays, one at a time. What is asked for and how far it is stands in the topic `replays`; a job is only a knock at the door. */
export function replayer(context: ServiceContext, options: ReplayerOptions = {}): Service {
  const { engines, feeds, settings, log, metrics } = context
  const { failed, fail } = failure()
  const pulse = createPulse()
  const stopping = new AbortController()
  const book = createReplayBook(engines.log)
  const { lagLimit, latencyLimit } = settings.replay
  const patience = {
    signal: stopping.signal,
    onFault: (fault: TransientFault) => tellFault(context, 'replayer', fault),
  }
  let work: JobWork | null = null
  let timers: readonly NodeJS.Timeout[] = []
  let reconciling: Promise<void> = Promise.resolve()
  return {
    name: 'replayer',
    givesWay: true,
    failed,
    async start() {
      timers = [setInterval(pulse.beat, 5_000).unref()]
      const look = (): void => {
        reconciling = reconciling.then(reconcile).catch(fail)
      }
      look()
      work = await patiently(() => engines.jobs.work(replayQueue, run, { concurrency: 1, deadAfterMs }), patience)
      timers = [...timers, setInterval(look, options.reconcileEveryMs ?? 15_000).unref()]
    },
    async stop(deadlineMs) {
      for (const timer of timers) clearInterval(timer)
      stopping.abort()
      await work?.stop(deadlineMs)
    },
    isReady: () => work !== null,
    isLive: pulse.isLive,
  }

  async function run(job: RunningJob): Promise<JobVerdict> {
    const { id, phase } = JSON.parse(job.data) as ReplayKnock
    const brake = createBrake(measureLive(engines.log, feeds), createCourtesy(takenByLive(engines.log)), {
      lagLimit,
      latencyLimitMs: durationMs(latencyLimit),
    })
    try {
      const end = await runReplay(id, { context, phase, book, brake, signal: stopping.signal, onTurn: pulse.beat })
      if (end === 'not now') return later()
      const replay = book.get(id)
      log.info(`Replay ${replay?.name ?? id} is ${replay?.state ?? 'not known'}`, { replay: id })
      return { kind: 'done' }
    } catch (error) {
      if (error instanceof TransientFault) {
        tellFault(context, 'replayer', error)
        return later()
      }
      return fault(id, error)
    }
  }

  /** Trying again would meet the same: a damaged object, a bug. An operator reads why. */
  async function fault(id: string, error: unknown): Promise<JobVerdict> {
    log.error('A replay failed', { err: error, replay: id })
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 1_000)
    try {
      await book.refresh()
      // What became of it is for its successor to say.
      if (!book.isHeld(id)) return later()
      await book.progress(id, { ...book.get(id)?.progress, fault: reason })
    } catch (away) {
      if (away instanceof TransientFault) return later()
      throw away
    }
    return { kind: 'give-up', reason }
  }

  /** Replays whose job is gone, as when the queue was wiped, get it back. */
  async function reconcile(): Promise<void> {
    try {
      await book.refresh()
      const states = new Map<string, number>()
      for (const replay of book.all()) {
        states.set(replay.state, (states.get(replay.state) ?? 0) + 1)
        const phase = replay.state === 'paused' ? null : phaseOf(replay)
        if (phase !== null) await engines.jobs.add(replayQueue, replayJob(replay.id, phase))
      }
      metrics.replays.reset()
      for (const [state, count] of states) metrics.replays.set({ state }, count)
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error
      tellFault(context, 'replayer', error)
    }
  }
}

const later = (): JobVerdict => ({ kind: 'later', notBeforeMs: Date.now() + askAgainMs })
