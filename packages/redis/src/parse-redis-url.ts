import type { RedisOptions } from './redis-options.ts'

export type ParsedRedisUrl =
  | { readonly ok: true; readonly options: RedisOptions }
  | { readonly ok: false; readonly problem: string }

const URL_SHAPE =
  /^(rediss?):\/\/(?:([^:@/?#]*):([^@/?#]*)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?(?:\/(\d{0,4}))?(?:\?([^#]*))?$/
const PARAMETERS = new Set(['prefix', 'commandTimeoutMs'])
const EXAMPLE = 'redis://host:6379/0 or rediss://user:password@host:6379/0?prefix=dateline'

/** Reads `redis://[user]:password@host:port/db?prefix=…`; `rediss://` is TLS. User and password are percent-encoded. A problem never repeats the password. */
export function parseRedisUrl(url: string): ParsedRedisUrl {
  const parts = URL_SHAPE.exec(url)
  if (parts === null) return no(`This is not a Redis URL. Write ${EXAMPLE}.`)
  const [, scheme, user = '', secret = '', host = '', port = '6379', db = '', query = ''] = parts
  if (Number(port) < 1 || Number(port) > 65_535) return no(`The Redis URL has the port ${port}. Write ${EXAMPLE}.`)

  const parameters = new URLSearchParams(query)
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined)
    return no(`The Redis URL has an unknown parameter ${unknown}. Known: ${[...PARAMETERS].join(', ')}.`)
  const prefix = parameters.get('prefix') ?? 'dateline'
  if (!/^[A-Za-z0-9._-]{1,60}$/.test(prefix))
    return no('The Redis URL has a prefix with other signs than letters, digits and . _ -, or of more than 60.')
  const commandTimeout = parameters.get('commandTimeoutMs')
  if (commandTimeout !== null && !/^[1-9]\d{0,6}$/.test(commandTimeout))
    return no(`The Redis URL has commandTimeoutMs=${commandTimeout}. Write a whole number of milliseconds.`)
  const username = decoded(user)
  const password = decoded(secret)
  if (username === null || password === null)
    return no('User or password of the Redis URL is not percent-encoded: write % as %25, @ as %40, : as %3A.')

  return {
    ok: true,
    options: {
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(port),
      db: Number(db),
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
      tls: scheme === 'rediss',
      prefix,
      ...(commandTimeout === null ? {} : { commandTimeoutMs: Number(commandTimeout) }),
    },
  }
}

const no = (problem: string): ParsedRedisUrl => ({ ok: false, problem })

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
