import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort } from '@dateline/cli'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CommandResult, dateline, type RunningCommand, startDateline } from '../support/command.ts'
import { families, type Installation, install } from '../support/families.ts'

const embedded = families.find((family) => family.name === 'embedded')
const storyKey = 'nzp:https://nzp.example/kast'

let installation: Installation
let running: RunningCommand | undefined
let receiver: Server
let url = ''
let folder = ''
const versions = ['1', '2', '3'].map((version) => ninjsMessage({ uri: 'https://nzp.example/kast', version }))

const command = (...words: string[]): Promise<CommandResult> =>
  dateline([...words, '--config', installation.config, '--data', installation.dataDir, '--url', url])

beforeAll(async () => {
  if (embedded === undefined) throw new Error('There is no embedded family')
  receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end())
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  installation = await install(
    embedded,
    [
      'suppliers: { nzp: { timezone: Europe/Amsterdam } }',
      'feeds: { nzp-json: { supplier: nzp, partitions: 1 } }',
      `subscriptions: { desk: { deliver: webhook, url: "http://127.0.0.1:${port}/", allowPrivate: true } }`,
      '',
    ].join('\n'),
  )
  const door = await freePort()
  url = `http://127.0.0.1:${door}`
  running = startDateline([
    'up',
    '--port',
    String(door),
    '--config',
    installation.config,
    '--data',
    installation.dataDir,
  ])
  await running.says('Ready.')
  let told = ''
  for (const [at, bytes] of [...versions, versions[0] ?? Buffer.alloc(0)].entries()) {
    const file = join(installation.dataDir, `message-${at}.json`)
    await writeFile(file, bytes)
    expect((await command('push', file, '--feed', 'nzp-json', '--wait', '30')).code).toBe(0)
    const { code, stderr } = await command('archive', 'verify', '--wait', '20')
    expect(code).toBe(0)
    told += stderr
  }
  expect(told).toContain('Waiting up to 20 s for 1 message')
  await running.stop()
  const topic = join(installation.dataDir, 'archive/raw/v1/wire.nzp-json')
  const [logId = ''] = await readdir(topic)
  folder = join(topic, logId, 'p=0')
}, 120_000)

afterAll(async () => {
  await running?.stop()
  receiver.close()
  await installation?.remove()
}, 60_000)

it('gives back the message of a story and version, and the newest received without one', async () => {
  for (const [at, version] of ['1', '2', '3'].entries()) {
    const { stdout, code } = await command('archive', 'get', storyKey, '--story-version', version)
    expect(code).toBe(0)
    expect(stdout).toBe(versions[at]?.toString())
  }
  expect((await command('archive', 'get', storyKey)).stdout).toBe(versions[0]?.toString())
  const none = await command('archive', 'get', storyKey, '--story-version', '9')
  expect(none).toMatchObject({ code: 1, stdout: '' })
}, 60_000)

it('makes the indexes that are missing, once', async () => {
  expect(JSON.parse((await command('archive', 'index', '--json')).stdout)).toEqual({ made: 4 })
  expect((await command('archive', 'get', storyKey)).stderr).toBe('')
  expect((await command('archive', 'index')).stdout).toContain('Every object has its index')
}, 60_000)

it('says of every version what became of it, where it lies and who got it, by both clocks', async () => {
  const { stdout } = await command('story', storyKey, '--received', '--json')
  const received = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(received.map(({ version, outcome }) => [version, outcome])).toEqual([
    ['1', 'published'],
    ['2', 'published'],
    ['3', 'published'],
    ['1', 'stale'],
  ])
  for (const [at, one] of received.entries()) {
    expect(one.object).toMatch(new RegExp(`^raw/v1/wire.nzp-json/.*/p=0/0{19}${at}$`))
    expect(one.deliveries).toEqual(
      one.outcome === 'published' ? [expect.objectContaining({ subscription: 'desk', result: 'delivered' })] : [],
    )
  }
  const shown = (await command('story', storyKey, '--received')).stdout
  expect(shown).toMatch(/received {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Europe\/Amsterdam, \d{4}-\d\d-\d\dT\S+Z/)
}, 60_000)

it('lists by day and by size', async () => {
  const today = new Date().toISOString().slice(0, 10)
  const { stdout } = await command('archive', 'ls', '--feed', 'nzp-json', '--day', today, '--sort', 'size', '--json')
  const sizes = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { size: number }).size)
  expect(sizes).toHaveLength(4)
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  expect((await command('archive', 'ls', '--day', '1999-01-01')).stdout).toContain('Nothing that arrived on 1999-01-01')
  expect((await command('archive', 'ls', '--day', 'today')).code).not.toBe(0)
}, 60_000)

const fileOf = (base: number): string => join(folder, String(base).padStart(20, '0'))

const harms: readonly (readonly [string, () => Promise<void>, string])[] = [
  ['an object that was deleted', () => rm(fileOf(1)), 'a gap: nothing covers the offsets 1 to 1'],
  [
    'one changed byte',
    async () => {
      const bytes = await readFile(fileOf(1))
      bytes[300] = (bytes[300] ?? 0) ^ 1
      await writeFile(fileOf(1), bytes)
    },
    'the object at 1: it does not have its sha256',
  ],
  ['a file that was cut', () => truncate(fileOf(1), 200), 'the object at 1 has no readable metadata'],
]

for (const [name, harm, says] of harms)
  it(`names ${name} with nothing but the archive at hand, and where it was proved to`, async () => {
    const bytes = await readFile(fileOf(1))
    await harm()
    // Neither log nor state nor jobs.
    const database = join(installation.dataDir, 'dateline.db')
    await rename(database, `${database}.away`)
    const { code, stdout, stderr } = await command('archive', 'verify', '--offline')
    await rm(database, { force: true })
    await rename(`${database}.away`, database)
    await writeFile(fileOf(1), bytes)
    expect(`${stdout}${stderr}`).toContain(says)
    expect(code).toBe(1)
  }, 60_000)

it('keeps a mark, and goes on from it', async () => {
  const mark = join(installation.dataDir, 'mark.json')
  expect((await command('archive', 'verify', '--offline', '--mark', mark)).code).toBe(0)
  expect(JSON.parse(await readFile(mark, 'utf8'))).toMatchObject({ format: 'dateline-proved/1' })
  const again = await command('archive', 'verify', '--offline', '--mark', mark, '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ isWhole: true, messages: 4 })
  await rename(folder, `${folder}.away`)
  const gone = await command('archive', 'verify', '--offline', '--mark', mark)
  const goneWithLog = await command('archive', 'verify')
  await rename(`${folder}.away`, folder)
  expect([gone.code, goneWithLog.code]).toEqual([1, 1])
  expect(gone.stdout).toContain('what was proved up to offset 4 is not there any more')
  expect(goneWithLog.stdout).toContain('up to offset 4, and the archive ends at 0: objects were removed')
  expect((await command('archive', 'verify', '--mark', mark)).code).toBe(0)
  await writeFile(mark, 'x')
  expect((await command('archive', 'verify', '--offline', '--mark', mark)).stderr).toContain('is not a mark')
}, 60_000)
