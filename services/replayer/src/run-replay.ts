import { setTimeout as sleep } from 'node:timers/promises'
import { createRejectedDesk, isOver, phaseOf, type Replay, type ReplayBook, type ReplayPhase } from '@dateline/replay'
import type { ServiceContext } from '@dateline/runtime'
import { type Brake, restAfter } from './brake.ts'
import { draftPhase, type PhaseDraft } from './phase-draft.ts'
import { createRedeliverer, openRedeliveryTopic } from './redeliver.ts'
import { replaySource, type SourceBatch } from './replay-source.ts'
import { createReprocessor, type ToSend } from './reprocess.ts'
import { retryBatch } from './retry-batch.ts'
import { createThrottle } from './throttle.ts'

export interface RunOptions {
  readonly context: ServiceContext
  /** Another phase has a job of its own. */
  readonly phase: 'preview' | 'publish'
  readonly book: ReplayBook
  readonly brake: Brake
  /** Aborts when the service stops: what is in hand is noted first. */
  readonly signal: AbortSignal
  readonly onTurn: () => void
}

const noteEveryMs = 1_000
const lookEveryMs = 250
/** So many at once: live waits for no more. */
const sendAtOnce = 10

/**
 * Works on one phase of a replay until it is done, or it is not to go on. What was sent is noted with the cursor behind it: a crash in between
 * sends the same items under the same attempt, which the publisher finds to be repeats.
 *
 * Two may work on it at once, where one stood still for so long that its job was given to another. The later tenure counts: the other one
 * sends repeats until it looks up, notes nothing, and leaves.
 */
export async function runReplay(id: string, options: RunOptions): Promise<'over' | 'not now'> {
  const { context, phase: name, book, brake, signal, onTurn } = options
  const { engines, settings, metrics } = context
  if ((await look()) !== null) await book.begin(id)
  // To where the one before it came.
  const replay = await look()
  if (replay === null) return book.get(id)?.state === 'paused' ? 'not now' : 'over'
  const { spec } = replay
  const isPublishing = name === 'publish'
  const startedAt = new Date().toISOString()
  const draft = draftPhase(replay.progress[name], startedAt)
  const items = createThrottle(spec.perSecond ?? settings.replay.perSecond)
  const bytes = createThrottle(spec.bytesPerSecond ?? settings.replay.bytesPerSecond)
  const reading = createThrottle(settings.replay.readPerSecond)
  const work = workOf(context, replay, { isPublishing })
  if (isPublishing && spec.mode === 'redeliver') await openRedeliveryTopic(context, replay)
  // What a batch counts becomes true once all of it was sent: the notes in between tell of what is behind the cursor alone.
  let solid = draft.toPhase({ at: startedAt })
  let notedAtMs = Number.NEGATIVE_INFINITY
  let lookedAtMs = performance.now()
  let held: string | null = null
  let workedMs = 0

  for await (const batch of replaySource(engines, replay, draft.cursor)) {
    if (!(await reading.take(Math.max(1, batch.records.length), signal))) return leave()
    // Rejected messages are sent where they are worked on.
    const isRetry = isPublishing && spec.rejected !== undefined
    if (isRetry && !(await items.take(batch.records.length, signal))) return leave()
    if (!(await hasRoom())) return leave()
    const toSend = await timed(() => work(batch, draft))
    const sent = isPublishing ? await send(toSend) : 0
    if (sent === null) return leave()
    draft.passed(batch)
    solid = draft.toPhase({ at: startedAt })
    metrics.replayMessages.inc({ mode: spec.mode, phase: name }, batch.records.length)
    if (sent > 0 || performance.now() - notedAtMs > noteEveryMs) await note()
    if (!(await goesOn())) return leave()
  }
  await note({ isDone: true })
  return ending()

  /** The replay as the log has it now; null when this phase is not to be worked on. */
  async function look(): Promise<Replay | null> {
    await book.refresh()
    const now = book.get(id)
    return now !== null && phaseOf(now) === name ? now : null
  }

  /** Resolves when there is room beside live for the next piece of work; false when the replay is not to go on. */
  async function hasRoom(): Promise<boolean> {
    for (;;) {
      onTurn()
      const { share, held: why } = await brake.read()
      metrics.replayBrake.set(share)
      if ((held === null) !== (why === null)) {
        held = why
        await note()
      }
      const restMs = restAfter(workedMs, share)
      if (restMs > 1) await sleep(restMs, undefined, { signal }).catch(() => undefined)
      if (!(await goesOn())) return false
      if (share > 0) return true
    }
  }

  async function timed<T>(piece: () => Promise<T>): Promise<T> {
    const sinceMs = performance.now()
    const result = await piece()
    workedMs = performance.now() - sinceMs
    return result
  }

  /** How many were sent; null when the replay is not to go on. What was sent of a batch then is sent again, as a repeat. */
  async function send(toSend: readonly ToSend[]): Promise<number | null> {
    for (let at = 0; at < toSend.length; at += sendAtOnce) {
      const some = toSend.slice(at, at + sendAtOnce)
      const size = some.reduce((sum, one) => sum + one.bytes, 0)
      if (!(await items.take(some.length, signal)) || !(await bytes.take(size, signal))) return null
      if (!(await hasRoom())) return null
      const outcomes = await timed(() => engines.log.append(some.map(({ append }) => append)))
      some.forEach(({ feed }, index) => {
        if (outcomes[index]?.kind === 'too-large')
          context.log.error('A replayed item is too large to append', { feed, replay: id })
        else draft.count(feed, 'sent')
      })
      metrics.replaySent.inc({ mode: spec.mode }, some.length)
    }
    return toSend.length
  }

  async function note(end: { readonly isDone?: boolean } = {}): Promise<void> {
    notedAtMs = performance.now()
    const phase: ReplayPhase = { ...solid, updatedAt: new Date().toISOString(), held, ...end }
    const known = book.get(id)?.progress
    await book.progress(id, { ...known, [name]: phase })
  }

  async function goesOn(): Promise<boolean> {
    if (signal.aborted) return false
    if (performance.now() - lookedAtMs < lookEveryMs) return true
    lookedAtMs = performance.now()
    return (await look()) !== null && book.isHeld(id)
  }

  async function leave(): Promise<'over' | 'not now'> {
    await note()
    return ending()
  }

  async function ending(): Promise<'over' | 'not now'> {
    await book.refresh()
    if (!book.isHeld(id)) {
      context.log.warn('Another replayer has taken this replay over', { replay: id })
      return 'not now'
    }
    const now = book.get(id)
    return now !== null && !isOver(now.state) && (signal.aborted || now.state === 'paused') ? 'not now' : 'over'
  }
}

type Work = (batch: SourceBatch, draft: PhaseDraft) => Promise<readonly ToSend[]>

function workOf(context: ServiceContext, replay: Replay, { isPublishing }: { readonly isPublishing: boolean }): Work {
  const { spec } = replay
  if (spec.mode === 'redeliver') return createRedeliverer(context, replay)
  if (spec.rejected === undefined) return createReprocessor(context, replay)
  const desk = createRejectedDesk(context)
  return async (batch, draft) => {
    const positions = replay.plan.positions.slice(batch.cursor.unit - batch.passed, batch.cursor.unit)
    await retryBatch(desk, replay, { positions, isPreview: !isPublishing, draft })
    return []
  }
}
