import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dateline, startDateline } from '../support/command.ts'

/** One sentence on standard error that says what is wrong and what to do; nothing on standard output; a non-zero exit. */
async function refuses(args: readonly string[], says: RegExp): Promise<void> {
  const { code, stdout, stderr } = await dateline(args)
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(code).toBeGreaterThan(0)
  expect(stdout).toBe('')
}

it('a tail that reaches nothing says so at once, and goes on trying', async () => {
  const tail = startDateline(['tail', '--url', 'http://127.0.0.1:9', '--key', 'x'])
  await tail.says('no stream from http://127.0.0.1:9; it is tried again until Ctrl-C')
  await tail.stop('SIGINT')
})

describe('what cannot be done is one clear sentence', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-wrong-'))
  const config = async (text: string): Promise<string> => {
    const file = join(dir, `${Math.random().toString(36).slice(2)}.yaml`)
    await writeFile(file, text)
    return file
  }

  it('a wrong setting', async () => {
    await refuses(['up', '--data', dir, '--config', await config('http: { prot: 80 }')], /http.*prot/)
  })
  it('a missing environment variable', async () => {
    await refuses(
      ['up', '--data', dir, '--config', await config(`engines: { log: "kafka://u:\${NO_SUCH_SECRET}@k:9092" }`)],
      /NO_SUCH_SECRET is not set/,
    )
  })
  it('a configuration that is not there', async () => {
    await refuses(['up', '--data', dir, '--config', join(dir, 'none.yaml')], /none\.yaml cannot be read/)
  })
  it('a URL that is none', async () => {
    await refuses(
      ['up', '--data', dir, '--config', await config('engines: { log: "kafak://k:9092" }')],
      /engines\.log: .*kafka:\/\//,
    )
  })
  it('a file that is not there', async () => {
    await refuses(['parse', join(dir, 'none.xml')], /none\.xml does not exist/)
    await refuses(['push', join(dir, 'none.xml'), '--feed', 'anp-site', '--key', 'x'], /none\.xml does not exist/)
  })
  it('nothing that answers', async () => {
    const file = await config('')
    await refuses(
      ['push', file, '--feed', 'anp-site', '--key', 'x', '--url', 'http://127.0.0.1:9'],
      /Nothing answers at http:\/\/127\.0\.0\.1:9.*dateline up/,
    )
  })
  it('a missing key', async () => {
    const file = await config('')
    await refuses(['push', file, '--feed', 'anp-site', '--data', join(dir, 'nowhere')], /No key .*dateline up.*--key/)
  })
  it('a supplier, a format, a zone or a secret that cannot be', { timeout: 60_000 }, async () => {
    const supplier = 'suppliers: { acme: {} }\n'
    await refuses(
      ['audit', '--data', dir, '--config', await config(`${supplier}feeds: { a-b: { supplier: acne } }`)],
      /a-b is of the supplier acne/,
    )
    await refuses(
      ['up', '--data', dir, '--config', await config('feeds: { a-b: { supplier: acne } }')],
      /There are no suppliers, but feeds of acne \(a-b\): add `suppliers: { acne: {} }`/,
    )
    await refuses(
      ['audit', '--data', dir, '--config', await config('feeds: { a-b: { supplier: acme, format: pagecapture } }')],
      /feeds\.a-b\.format/,
    )
    await refuses(
      ['audit', '--data', dir, '--config', await config('suppliers: { acme: { timezone: Mars/Base } }')],
      /supplier acme has the time zone Mars\/Base/,
    )
    const hook = (more: string): string =>
      `subscriptions: { cms: { deliver: webhook, url: "http://127.0.0.1:1/hook"${more} } }`
    await refuses(
      ['audit', '--data', dir, '--config', await config(hook(''))],
      /cms goes to this machine.*allowPrivate/,
    )
    await refuses(
      ['audit', '--data', dir, '--config', await config(hook(', allowPrivate: true, secret: hunter2'))],
      /subscriptions\.cms\.secret/,
    )
  })
  it('a feed that is not there', async () => {
    await mkdir(join(dir, 'feeds'))
    for (const words of [['audit'], ['archive', 'ls'], ['archive', 'verify']])
      await refuses([...words, '--feed', 'nosuch', '--data', join(dir, 'feeds')], /There is no feed nosuch/)
  })
  it('a data directory that is not there, which a look does not make', async () => {
    const missing = join(dir, 'nothing-here')
    for (const words of [['audit'], ['archive', 'ls'], ['topics', 'ls']])
      await refuses([...words, '--data', missing], /There is no data in .*nothing-here: name the directory with --data/)
    expect(existsSync(missing)).toBe(false)
  })
  it('a data directory that cannot be one', async () => {
    const file = await config('')
    await refuses(['up', '--data', file], /\.yaml cannot be a folder: name another one/)
    await refuses(['up', '--data', join(file, 'data')], /data cannot be a folder: name another one/)
    await refuses(['audit', '--data', file], /\.yaml cannot be a folder: name another one/)
  })
  it.skipIf(process.platform !== 'linux')('a data directory where none can be made, or written', async () => {
    await refuses(['up', '--data', '/proc/nope'], /^dateline: \/proc\/nope cannot be made: name another folder\n$/)
    await refuses(['up', '--data', '/sys/nope'], /Cannot write \/sys\/nope: make it writable for this user/)
    const engines = 'engines: { log: "kafka://127.0.0.1:9", archive: "s3://b", state: "redis://r", jobs: "redis://r" }'
    await refuses(
      ['run', 'gateway', '--data', '/proc/nope', '--config', await config(engines)],
      /\/proc\/nope cannot be made/,
    )
  })
  it('an address or a number that is none', async () => {
    await refuses(['tail', '--url', 'not-a-url', '--key', 'x'], /--url not-a-url is not the address/)
    await refuses(['tail', '--limit', 'x', '--key', 'x'], /--limit x is not a number/)
  })
  it('an unknown service', async () => {
    await refuses(['run', 'publsher', '--data', dir], /There is no service "publsher".*publisher/)
  })
  it('a port in use', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()))
    const { port } = taken.address() as { port: number }
    const { code, stderr } = await dateline(['up', '--data', join(dir, 'up'), '--port', String(port)], { env: {} })
    taken.close()
    expect(stderr).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use`))
    expect(code).toBeGreaterThan(0)
  })
  it('an engine that is not reachable', { timeout: 60_000 }, async () => {
    const file = await config('engines: { log: "kafka://127.0.0.1:9", state: "redis://127.0.0.1:9" }')
    const { code, stdout, stderr } = await dateline(['config', 'check', '--connect', '--data', dir, '--config', file])
    expect(stderr).toMatch(
      /^dateline: Kafka at 127\.0\.0\.1:9 does not answer.*\nRedis at 127\.0\.0\.1:9 does not answer/,
    )
    expect(stdout).toMatch(/^archive .*\njobs +answers\n$/)
    expect(code).toBe(1)
  })
})
