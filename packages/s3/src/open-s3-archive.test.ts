import { type Archive, EngineRefusal, TransientFault } from '@dateline/ports'
import { afterEach, expect, test } from 'vitest'
import { openS3Archive } from './open-s3-archive.ts'
import type { S3Options } from './s3-options.ts'
import { type StubFault, type StubS3, startStubS3 } from './testing/stub-s3.ts'

const undos: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})

const status = (code: number, name: string): StubFault => ({ kind: 'status', status: code, code: name })

async function stub(options: { readonly ignoresIfNoneMatch?: boolean } = {}): Promise<StubS3> {
  const started = await startStubS3(options)
  undos.push(started.close)
  return started
}

async function open(endpoint: string, more: Partial<S3Options> = {}): Promise<Archive> {
  const archive = await openS3Archive({
    bucket: 'wire-archive',
    prefix: '',
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestTimeoutMs: 500,
    ...more,
  })
  undos.push(archive.close)
  return archive
}

const puts = (server: StubS3, key: string): number => server.requests.filter((line) => line === `PUT ${key}`).length

test('takes its own put for created when the answer was lost and the repetition found it', async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  server.fail('PUT', { kind: 'lose-answer' })
  expect(await archive.put('a/1', Buffer.from('mine'))).toBe('created')
  expect(puts(server, 'a/1')).toBe(2)
})

test("does not take another writer's object for its own after a repeated put", async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  server.plant('a/1', 'mine', { writer: 'another' })
  server.fail('PUT', status(503, 'SlowDown'))
  expect(await archive.put('a/1', Buffer.from('mine'))).toBe('exists')
  expect(puts(server, 'a/1')).toBe(2)
})

test('puts again after a conflict of two conditional puts', async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  server.fail('PUT', status(409, 'ConditionalRequestConflict'), status(409, 'ConditionalRequestConflict'))
  expect(await archive.put('a/1', Buffer.from('x'))).toBe('created')
})

test('says that it is away when the conflict never ends', async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  server.fail('PUT', ...Array.from({ length: 20 }, () => status(409, 'ConditionalRequestConflict')))
  await expect(archive.put('a/1', Buffer.from('x'))).rejects.toBeInstanceOf(TransientFault)
})

test('refuses a server that ignores If-None-Match', async () => {
  const server = await stub({ ignoresIfNoneMatch: true })
  const opening = open(server.endpoint)
  await expect(opening).rejects.toBeInstanceOf(EngineRefusal)
  await expect(opening).rejects.toThrow('ignores If-None-Match')
})

test('needs one put to prove a bucket that was proved before', async () => {
  const server = await stub()
  await open(server.endpoint, { prefix: 'x' })
  expect(puts(server, 'x/create-only-proof')).toBe(2)
  await open(server.endpoint, { prefix: 'x' })
  expect(puts(server, 'x/create-only-proof')).toBe(3)
})

for (const [code, name, advice] of [
  [404, 'NoSuchBucket', 'create the bucket'],
  [403, 'InvalidAccessKeyId', 'access key'],
  [403, 'SignatureDoesNotMatch', 'secret key'],
  [403, 'AccessDenied', 'they need to list, get, put and delete'],
  [400, 'AuthorizationHeaderMalformed', 'region='],
] as const) {
  test(`refuses ${name} at the opening and says what to do`, async () => {
    const server = await stub()
    server.fail('LIST', status(code, name))
    const opening = open(server.endpoint)
    await expect(opening).rejects.toBeInstanceOf(EngineRefusal)
    await expect(opening).rejects.toThrow(advice)
  })
}

test('says that a removal was refused, by a lock or for want of a right', async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  server.fail('DELETE', status(403, 'AccessDenied'))
  const removal = archive.remove('a/1')
  await expect(removal).rejects.toBeInstanceOf(EngineRefusal)
  await expect(removal).rejects.toThrow('forbids these credentials to remove an object')
})

for (const [name, faults] of [
  ['a server that is overloaded', [status(503, 'SlowDown'), status(503, 'SlowDown'), status(503, 'SlowDown')]],
  ['a server that hangs', [{ kind: 'hang' }, { kind: 'hang' }, { kind: 'hang' }]],
  ['connections that break', [{ kind: 'lose-answer' }, { kind: 'lose-answer' }, { kind: 'lose-answer' }]],
] as const) {
  test(`calls ${name} away, after the tries it was given`, async () => {
    const server = await stub()
    const archive = await open(server.endpoint)
    server.fail('GET', ...faults)
    await expect(archive.get('a/1')).rejects.toBeInstanceOf(TransientFault)
    expect(server.requests.filter((line) => line === 'GET a/1')).toHaveLength(3)
    expect(await archive.get('a/1')).toBe(null)
  })
}

test('never hands out half of an object', async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  server.plant('a/1', 'x'.repeat(100_000))
  server.fail('GET', { kind: 'half-body' })
  await expect(archive.get('a/1')).rejects.toBeInstanceOf(TransientFault)
  expect((await archive.get('a/1'))?.length).toBe(100_000)
})

test('throws at the opening when nobody answers, or opens all the same when told to', async () => {
  const server = await startStubS3()
  await server.close()
  await expect(open(server.endpoint)).rejects.toBeInstanceOf(TransientFault)
  const archive = await open(server.endpoint, { whenAway: 'open' })
  await expect(archive.put('a/1', Buffer.from('x'))).rejects.toBeInstanceOf(TransientFault)
})

test('refuses metadata that HTTP headers would change', async () => {
  const server = await stub()
  const archive = await open(server.endpoint)
  for (const metadata of [{ Upper: 'x' }, { name: 'ë' }, { name: ' x' }, { name: 'x'.repeat(2_000) }]) {
    await expect(archive.put('a/1', Buffer.from('x'), metadata as Record<string, string>)).rejects.toBeInstanceOf(
      RangeError,
    )
  }
  expect(puts(server, 'a/1')).toBe(0)
})
