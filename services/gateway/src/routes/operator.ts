import type { FastifyRequest } from 'fastify'
import { callerOf, type Door } from '../door.ts'
import type { Caller } from '../keys.ts'
import { Problem } from '../problem.ts'

/** The operator who asks, or the 401 or 403. */
export function operatorOf(door: Pick<Door, 'callerOf'>, request: FastifyRequest): Caller {
  const caller = callerOf(door, request)
  if (caller.isOperator) return caller
  throw new Problem(
    403,
    'Forbidden',
    `The key "${caller.id}" is no operator's: use one that may do everything (\`dateline keys create --operator NAME\`).`,
  )
}

const mostBody = 1_000_000

/** A body of JSON, whatever type it says it has; an object. */
export function jsonBody(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const bytes = request.body
  if (bytes === undefined || bytes === null || (Buffer.isBuffer(bytes) && bytes.byteLength === 0)) return {}
  const value = Buffer.isBuffer(bytes) && bytes.byteLength <= mostBody ? parse(bytes) : null
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Problem(400, 'Bad body', 'The body is no JSON object: see schemas/openapi.yaml for what it may hold.')
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
