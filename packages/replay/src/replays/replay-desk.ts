import { randomBytes } from 'node:crypto'
import { faultOf, validateReplaySpec } from '@dateline/contracts'
import type { ServiceContext } from '@dateline/runtime'
import { planReplay } from './plan-replay.ts'
import { createReplayBook } from './replay-book.ts'
import { isOver, phaseOf, type Replay, type ReplayAction, type ReplayRequest, type Spec } from './replay-job.ts'

export type Asked =
  | { readonly kind: 'replay'; readonly replay: Replay }
  /** `conflict`: not in this state. `fault`: the asking makes no sense. Both say what to do in one sentence. */
  | { readonly kind: 'fault' | 'conflict' | 'unknown'; readonly fault: string }

/** What an operator does with replays. */
export interface ReplayDesk {
  start(spec: unknown, by: string): Promise<Asked>
  /** The newest first. */
  list(): Promise<readonly Replay[]>
  get(idOrName: string): Promise<Asked>
  act(idOrName: string, action: Exclude<ReplayAction, 'start'>, by: string): Promise<Asked>
}

export const replayQueue = 'replays'

/** What a job of the queue `replays` says. */
export interface ReplayKnock {
  readonly id: string
  readonly phase: 'preview' | 'publish'
}

/** One job for each phase of a replay: an id may be used once a day. */
export const replayJob = (id: string, phase: ReplayKnock['phase']): { readonly id: string; readonly data: string } => ({
  id: `${id}-${phase}`,
  data: JSON.stringify({ id, phase } satisfies ReplayKnock),
})

export function createReplayDesk(context: Pick<ServiceContext, 'engines' | 'feeds' | 'settings'>): ReplayDesk {
  const { engines, feeds, settings } = context
  const book = createReplayBook(engines.log)
  return {
    async start(given, by) {
      const spec: unknown = structuredClone(given)
      if (!validateReplaySpec(spec))
        return { kind: 'fault', fault: `This cannot be replayed: ${faultOf(validateReplaySpec)}.` }
      const fault = subscriptionFault(spec as Spec)
      if (fault !== null) return { kind: 'fault', fault }
      await book.refresh()
      const namesake = book.all().find(({ name, state }) => name === spec.name && !isOver(state))
      if (namesake !== undefined)
        return { kind: 'conflict', fault: `The replay ${spec.name} is ${namesake.state}: give this one another name.` }
      const nowMs = Date.now()
      const mostTries = settings.rejected.mostTries
      const asked = withoutPreview(spec as Spec)
      const planned = await planReplay({ engines, feeds, mostTries }, asked, nowMs)
      if (planned.kind === 'fault') return planned
      const at = new Date(nowMs).toISOString()
      const id = `rpl_${at.slice(0, 16).replace(/\D/g, '')}_${randomBytes(4).toString('hex')}`
      const request: ReplayRequest = { id, name: spec.name ?? id, spec: asked, plan: planned.plan, by, at }
      await book.request(request)
      await wake(id)
      return find(id)
    },
    async list() {
      await book.refresh()
      return book.all()
    },
    get: find,
    async act(idOrName, action, by) {
      const found = await find(idOrName)
      if (found.kind !== 'replay') return found
      const { replay } = found
      const fault = actionFault(replay, action)
      if (fault !== null) return { kind: 'conflict', fault }
      await book.act(replay, action, { by, at: new Date().toISOString() })
      await wake(replay.id)
      return find(replay.id)
    },
  }

  async function find(idOrName: string): Promise<Asked> {
    await book.refresh()
    const replay = book.get(idOrName)
    if (replay !== null) return { kind: 'replay', replay }
    return { kind: 'unknown', fault: `There is no replay ${idOrName}: \`dateline replay ls\` lists them.` }
  }

  /** The job is only a knock at the worker's door: what is to be done stands in the log. */
  async function wake(id: string): Promise<void> {
    const replay = book.get(id)
    const phase = replay === null ? null : phaseOf(replay)
    if (phase !== null) await engines.jobs.add(replayQueue, replayJob(id, phase))
  }

  function subscriptionFault({ to }: Spec): string | null {
    if (to === undefined || !('subscription' in to)) return null
    const names = Object.keys(settings.subscriptions)
    if (names.includes(to.subscription)) return null
    return `There is no subscription ${to.subscription}. The subscriptions are: ${names.join(', ') || 'none'}.`
  }
}

/** There is nothing to compare where stories are only delivered again. */
const withoutPreview = (spec: Spec): Spec => (spec.mode === 'redeliver' ? { ...spec, preview: false } : spec)

function actionFault({ name, state }: Replay, action: Exclude<ReplayAction, 'start'>): string | null {
  if (isOver(state)) return `The replay ${name} is ${state}: start a new one.`
  if (action === 'confirm' && state !== 'ready')
    return `The replay ${name} is ${state}: it can be confirmed once its preview is there.`
  if (action === 'resume' && state !== 'paused')
    return `The replay ${name} is ${state}: only one that is paused can be resumed.`
  if (action === 'pause' && state === 'ready')
    return `The replay ${name} waits to be confirmed: there is nothing to pause.`
  return null
}
