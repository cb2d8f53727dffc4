import { createReplayDesk, type Replay, type ReplayDesk } from '@dateline/replay'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Door } from '../door.ts'
import { Problem } from '../problem.ts'
import { jsonBody, operatorOf } from './operator.ts'

const actions = ['pause', 'resume', 'cancel', 'confirm'] as const

/** Replays: asked for, looked at, and what an operator wants of them since. */
export function replayRoutes(server: FastifyInstance, door: Door): void {
  const desk = createReplayDesk(door.context)

  server.get('/v1/replays', async (request, reply) => {
    operatorOf(door, request)
    return reply.send({ replays: (await desk.list()).map(replayBody) })
  })

  server.post('/v1/replays', async (request, reply) => {
    const { id: by } = operatorOf(door, request)
    const asked = await desk.start(jsonBody(request), by)
    tell('start', by, asked)
    return answer(reply.code(201), asked)
  })

  server.get<{ Params: { id: string } }>('/v1/replays/:id', async (request, reply) => {
    operatorOf(door, request)
    return answer(reply, await desk.get(request.params.id))
  })

  for (const action of actions)
    server.post<{ Params: { id: string } }>(`/v1/replays/:id/${action}`, async (request, reply) => {
      const { id: by } = operatorOf(door, request)
      const asked = await desk.act(request.params.id, action, by)
      tell(action, by, asked)
      return answer(reply, asked)
    })

  function tell(action: string, by: string, asked: Awaited<ReturnType<ReplayDesk['get']>>): void {
    if (asked.kind !== 'replay') return
    const { id, name, spec } = asked.replay
    door.context.log.info(`Replay ${name}: ${action}`, { by, replay: id, mode: spec.mode })
  }
}

const faults = {
  fault: { status: 400, title: 'Bad replay' },
  conflict: { status: 409, title: 'Not now' },
  unknown: { status: 404, title: 'No such replay' },
} as const

function answer(reply: FastifyReply, asked: Awaited<ReturnType<ReplayDesk['get']>>): FastifyReply {
  if (asked.kind === 'replay') return reply.send(replayBody(asked.replay))
  const { status, title } = faults[asked.kind]
  throw new Problem(status, title, asked.fault)
}

function replayBody(replay: Replay) {
  const { id, name, state, spec, by, at, wish, progress, total } = replay
  const phase = progress.publish ?? progress.preview
  return {
    id,
    name,
    state,
    spec,
    by,
    at,
    history: wish.history,
    total,
    passed: phase?.passed ?? 0,
    secondsLeft: secondsLeft(replay),
    held: phase?.held ?? null,
    preview: progress.preview ?? null,
    publish: progress.publish ?? null,
    ...(progress.fault === undefined ? {} : { fault: progress.fault }),
  }
}

/** At the pace so far; null where there is none yet. */
function secondsLeft({ state, progress, total }: Replay): number | null {
  const phase = progress.publish ?? progress.preview
  if (phase === undefined || phase.passed === 0 || (state !== 'previewing' && state !== 'publishing')) return null
  const spentMs = Date.parse(phase.updatedAt) - Date.parse(phase.startedAt)
  return Math.max(0, Math.round(((total - phase.passed) / phase.passed) * (spentMs / 1_000)))
}
