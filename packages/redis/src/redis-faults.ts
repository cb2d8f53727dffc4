import { type Engine, EngineRefusal, TransientFault } from '@dateline/ports'

/** Redis tells these to pass: it loads, fails over, is busy, is full or cannot save. */
const PASSING = new Set([
  'LOADING',
  'BUSY',
  'MASTERDOWN',
  'READONLY',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
])

const FORBIDDEN = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM', 'DENIED'])

/** The error prefix, which is a reply's code in the protocol (RESP, "Simple errors"); null when Redis did not reply at all. */
export function replyCode(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null
  return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
}

/** Any error of a command as the ports know it. Without a reply the connection broke, or the time ran out: what the command did is not known. */
export function asFault(error: unknown, engine: Engine, where: string): unknown {
  if (error instanceof TransientFault || error instanceof EngineRefusal) return error
  const code = replyCode(error)
  if (code === null)
    return new TransientFault(engine, `${where} does not answer. Check that it runs and that its URL is right.`, {
      cause: error,
    })
  if (code === 'OOM')
    return new TransientFault(engine, `${where} is full: give it more memory (maxmemory).`, { cause: error })
  if (PASSING.has(code)) return new TransientFault(engine, `${where} is not ready (${code}).`, { cause: error })
  if (FORBIDDEN.has(code))
    return new EngineRefusal(engine, `${where} forbids these credentials (${code}): check user, password and rights.`, {
      cause: error,
    })
  if (code === 'MOVED' || code === 'CROSSSLOT')
    return new EngineRefusal(engine, `${where} is a node of a cluster: name a single Redis, or a proxy in front.`, {
      cause: error,
    })
  return error
}
