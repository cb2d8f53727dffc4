import { spawnSync } from 'node:child_process'
import { chmod, mkdir, rename, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { EngineRefusal, TransientFault } from '@dateline/ports'
import { rejectionOf, until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { openEmbedded } from './index.ts'
import { dataDir, opened, topic } from './testing/data-dir.ts'

const child = fileURLToPath(new URL('./testing/child.ts', import.meta.url))

async function refusal(dir: string): Promise<string> {
  const error = await rejectionOf(openEmbedded({ dir }))
  if (!(error instanceof EngineRefusal)) throw error
  return error.message
}

test('says that the disk is full, keeps what it acknowledged and goes on when there is room', async () => {
  const dir = await dataDir()
  const small = await openEmbedded({ dir, maxSizeBytes: 600_000 })
  await small.log.createTopic(topic('wire.anp'))
  let acknowledged = 0
  const append = async () => {
    await small.log.append([0, 1].map((index) => ({ topic: 'wire.anp', key: 'k', value: `${index}`.repeat(9_000) })))
    acknowledged += 2
  }
  const fault = await rejectionOf(
    (async () => {
      for (;;) await append()
    })(),
  )
  expect(fault).toBeInstanceOf(TransientFault)
  expect(fault).toMatchObject({ engine: 'log', message: expect.stringContaining('free some disk space') })
  // What is smaller and fits is not held up, and nothing is half written.
  expect((await small.log.offsets('wire.anp'))[0]?.high).toBe(acknowledged)
  await small.close()
  const { log } = await opened(dir)
  expect(await log.read('wire.anp', 0, 0, { maxRecords: 1_000 })).toHaveLength(acknowledged)
  await log.append([{ topic: 'wire.anp', key: 'k', value: 'next' }])
  expect((await log.offsets('wire.anp'))[0]?.high).toBe(acknowledged + 1)
})

test('hands a batch out again when its effects find no room', async () => {
  const engines = await opened(await dataDir(), { maxSizeBytes: 600_000 })
  for (const name of ['in', 'out']) await engines.log.createTopic(topic(name))
  await engines.log.append([{ topic: 'in', key: 'k', value: 'v' }])
  let tries = 0
  await engines.log.consume({
    group: 'normalizer',
    topics: ['in'],
    handle: async ({ next }) => {
      tries++
      const appends = [{ topic: 'out', key: 'k', value: 'x'.repeat(tries < 3 ? 900_000 : 10) }]
      const position = { group: 'normalizer', topic: 'in', partition: 0, next }
      await engines.applyAtOnce?.({ appends, changelog: [], state: null, position })
    },
  })
  await until('it was applied', async () => (await engines.log.offsets('in', 'normalizer'))[0]?.committed === 1)
  expect(tries).toBe(3)
  expect((await engines.log.offsets('out'))[0]?.high).toBe(1)
})

test('opens the file for writing at the next try when it could not', async () => {
  const dir = await dataDir()
  const { log } = await opened(dir)
  const file = join(dir, 'dateline.db')
  await rename(file, `${file}.away`)
  await mkdir(file)
  expect(await rejectionOf(log.createTopic(topic('wire.anp')))).toBeInstanceOf(EngineRefusal)
  await rmdir(file)
  await rename(`${file}.away`, file)
  expect(await log.createTopic(topic('wire.anp'))).toMatchObject({ created: true })
})

test('refuses a data directory that cannot be one', async () => {
  const dir = await dataDir()
  await writeFile(join(dir, 'file'), 'x')
  expect(await refusal(join(dir, 'file'))).toContain('name another one')
  expect(await refusal(join(dir, 'file', 'data'))).toContain('name another one')
  await mkdir(join(dir, 'a', 'dateline.db'), { recursive: true })
  expect(await refusal(join(dir, 'a'))).toContain('Cannot open')
})

test('makes the folders above a data directory, and takes those that are there', async () => {
  const dir = join(await dataDir(), 'some', 'where')
  for (const _time of [1, 2]) await (await openEmbedded({ dir })).close()
  expect((await stat(join(dir, 'archive'))).isDirectory()).toBe(true)
})

// In a process of its own: what makes it again and again cannot be stopped.
test.skipIf(process.platform !== 'linux')('refuses a data directory where none can be made', () => {
  for (const dir of ['/proc/nope', '/proc/nope/data']) {
    const { status, stderr } = spawnSync(process.execPath, [child, 'append', dir], {
      encoding: 'utf8',
      timeout: 15_000,
      killSignal: 'SIGKILL',
    })
    expect(stderr).toContain(`${dir} cannot be made: name another folder`)
    expect(status).toBe(1)
  }
})

test('refuses a file that is not ours, and one of a later version', async () => {
  const dir = await dataDir()
  await writeFile(join(dir, 'dateline.db'), 'x'.repeat(10_000))
  expect(await refusal(dir)).toContain('damaged or not ours')
  const later = await dataDir()
  const db = new DatabaseSync(join(later, 'dateline.db'))
  db.exec('PRAGMA user_version = 99')
  db.close()
  expect(await refusal(later)).toContain('newer Dateline')
})

test.skipIf(process.getuid === undefined)('refuses a data directory that it may not write', async () => {
  const dir = await dataDir()
  const engines = await openEmbedded({ dir })
  await engines.close()
  await chmod(dir, 0o555)
  // Root may write anywhere, so somebody else tries.
  const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const { status, stderr } = spawnSync(process.execPath, [child, 'append', dir], { ...as, encoding: 'utf8' })
  await chmod(dir, 0o755)
  expect(stderr).toContain('writable for this user')
  expect(status).toBe(1)
})

test('refuses to read beyond the end: the state belongs to another copy of the log', async () => {
  const { log } = await opened(await dataDir())
  await log.createTopic(topic('in'))
  const consumption = await log.consume({
    group: 'publisher',
    topics: ['in'],
    startAt: async () => 5,
    handle: async () => undefined,
  })
  expect(await rejectionOf(consumption.ended)).toMatchObject({ name: 'EngineRefusal' })
})

test('refuses to consume a topic that does not exist', async () => {
  const { log } = await opened(await dataDir())
  const error = await rejectionOf(log.consume({ group: 'g', topics: ['missing'], handle: async () => undefined }))
  expect(error).toBeInstanceOf(EngineRefusal)
  expect(error).toMatchObject({ message: expect.stringContaining('dateline topics apply') })
})
