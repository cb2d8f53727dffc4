import { expect, test } from 'vitest'
import { parseS3Url } from './parse-s3-url.ts'

test('reads bucket, prefix and every parameter', () => {
  expect(
    parseS3Url('s3://wire-archive/nl/main?endpoint=http://127.0.0.1:19000&region=eu-west-1&forcePathStyle=true'),
  ).toEqual({
    ok: true,
    options: {
      bucket: 'wire-archive',
      prefix: 'nl/main',
      endpoint: 'http://127.0.0.1:19000',
      region: 'eu-west-1',
      forcePathStyle: true,
    },
  })
  expect(parseS3Url('s3://wire-archive?checksums=WHEN_REQUIRED&maxAttempts=5')).toEqual({
    ok: true,
    options: { bucket: 'wire-archive', prefix: '', checksums: 'WHEN_REQUIRED', maxAttempts: 5 },
  })
  expect(parseS3Url('s3://wire-archive/')).toEqual({ ok: true, options: { bucket: 'wire-archive', prefix: '' } })
})

for (const [url, says] of [
  ['http://wire-archive', 'not an S3 URL'],
  ['s3://', 'not the name of a bucket'],
  ['s3://UPPER', 'not the name of a bucket'],
  ['s3://key:secret@wire-archive', 'credentials'],
  ['s3://wire-archive/a//b', 'prefix'],
  ['s3://wire-archive/../b', 'prefix'],
  ['s3://wire-archive?endpont=http://x', 'unknown parameter endpont'],
  ['s3://wire-archive?endpoint=127.0.0.1:9000', 'endpoint='],
  ['s3://wire-archive?forcePathStyle=yes', 'true or false'],
  ['s3://wire-archive?checksums=off', 'WHEN_SUPPORTED'],
  ['s3://wire-archive?maxAttempts=0', 'whole number'],
] as const) {
  test(`says what is wrong with ${url}`, () => {
    const parsed = parseS3Url(url)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? '' : parsed.problem).toContain(says)
  })
}

test('never repeats a password', () => {
  for (const url of ['s3://key:hush@wire-archive', 's3://wire-archive?endpoint=http://key:hush@host']) {
    const parsed = parseS3Url(url)
    expect(parsed.ok ? 'parsed' : parsed.problem).not.toMatch(/hush|parsed/)
  }
})
