import winston from 'winston'

export type Fields = Readonly<Record<string, unknown>>

/** Levels by who acts: error = data lost or a person must act; warn = unexpected, recovered; info = lifecycle and rejects; debug = per message. */
export interface Logger {
  error(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  debug(message: string, fields?: Fields): void
  /** Guards calls on hot paths: a disabled call of winston is slow. */
  readonly isDebug: boolean
  child(fields: Fields): Logger
}

export interface LoggerOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  /** text for a terminal, json for collectors. */
  readonly format: 'text' | 'json'
  readonly fields?: Fields
  readonly stream?: NodeJS.WritableStream
}

export function createLogger(options: LoggerOptions): Logger {
  const { combine, timestamp, json, printf } = winston.format
  const root = winston.createLogger({
    level: options.level,
    format:
      options.format === 'json'
        ? combine(stamp(), json())
        : combine(timestamp({ format: 'HH:mm:ss.SSS' }), printf(textLine)),
    transports: [new winston.transports.Stream({ stream: options.stream ?? process.stderr })],
  })
  return wrap(root.child(options.fields ?? {}), options.level === 'debug')
}

/** RFC 3339, as `ts`. */
const stamp = winston.format((info) => ({ ...info, ts: new Date().toISOString() }))

/** Says nothing; for commands and tests that look at outcomes. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  isDebug: false,
  child: () => silentLogger,
}

function wrap(inner: winston.Logger, isDebug: boolean): Logger {
  return {
    error: (message, fields) => void inner.error(message, plain(fields)),
    warn: (message, fields) => void inner.warn(message, plain(fields)),
    info: (message, fields) => void inner.info(message, plain(fields)),
    debug: (message, fields) => void (isDebug && inner.debug(message, plain(fields))),
    isDebug,
    child: (fields) => wrap(inner.child(fields), isDebug),
  }
}

/** Errors are objects without enumerable properties: named, with their code, stack and cause. */
function plain(fields: Fields | undefined): Fields | undefined {
  if (!(fields?.err instanceof Error)) return fields
  const { name, message, stack, cause } = fields.err
  const code = (fields.err as { code?: unknown }).code
  return {
    ...fields,
    err: {
      name,
      message,
      ...(code === undefined ? {} : { code }),
      stack,
      ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {}),
    },
  }
}

function textLine(info: winston.Logform.TransformableInfo): string {
  const { level, message, timestamp, service, err, ...rest } = info as Record<string, unknown>
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const fault = err === undefined ? '' : ` (${(err as { message?: string }).message ?? String(err)})`
  return `${String(timestamp)} ${String(level).padEnd(5)} ${service === undefined ? '' : `${String(service)}: `}${String(message)}${fault}${fields.length > 0 ? `  ${fields.join(' ')}` : ''}`
}
