import { expect, test } from 'vitest'
import { parseRedisUrl } from './parse-redis-url.ts'

for (const [url, options] of [
  ['redis://r1', { host: 'r1', port: 6379, db: 0, tls: false, prefix: 'dateline' }],
  ['redis://127.0.0.1:16379/3?prefix=nl-1', { host: '127.0.0.1', port: 16_379, db: 3, tls: false, prefix: 'nl-1' }],
  ['redis://:pw@r1:6380/0', { host: 'r1', port: 6380, db: 0, password: 'pw', tls: false, prefix: 'dateline' }],
  [
    'rediss://desk:p%40ss@[::1]:6380/?commandTimeoutMs=900',
    {
      host: '::1',
      port: 6380,
      db: 0,
      username: 'desk',
      password: 'p@ss',
      tls: true,
      prefix: 'dateline',
      commandTimeoutMs: 900,
    },
  ],
] as const) {
  test(`reads ${url}`, () => {
    expect(parseRedisUrl(url)).toEqual({ ok: true, options })
  })
}

for (const [url, says] of [
  ['http://r1', 'not a Redis URL'],
  ['redis://', 'not a Redis URL'],
  ['redis://r1:99999', 'port'],
  ['redis://r1/x', 'not a Redis URL'],
  ['redis://r1?prefx=a', 'unknown parameter prefx'],
  ['redis://r1?prefix=a:b', 'prefix'],
  ['redis://r1?commandTimeoutMs=0', 'commandTimeoutMs=0'],
  ['redis://a:%zz@r1', 'percent-encoded'],
] as const) {
  test(`says what is wrong with ${url}`, () => {
    const parsed = parseRedisUrl(url)
    expect(parsed.ok ? '' : parsed.problem).toContain(says)
  })
}

test('never repeats a password', () => {
  for (const url of ['redis://u:hush@r1/x', 'redis://u:hush%zz@r1', 'redis://u:hush@r1?a=b']) {
    const parsed = parseRedisUrl(url)
    expect(parsed.ok ? 'parsed' : parsed.problem).not.toMatch(/hush|parsed/)
  }
})
