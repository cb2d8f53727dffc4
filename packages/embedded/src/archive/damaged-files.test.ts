import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDirectoryArchive } from './directory-archive.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-archive-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const keysOf = async (archive: Awaited<ReturnType<typeof openDirectoryArchive>>): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of archive.list('')) keys.push(key)
  return keys
}

test('takes a file that was cut for an object without metadata, and lists the others behind it', async () => {
  const archive = await openDirectoryArchive({ dir })
  for (const name of ['a', 'b', 'c']) await archive.put(name, Buffer.from('bytes of an object'), { name })
  await truncate(join(dir, 'b'), 25)
  expect(await keysOf(archive)).toEqual(['a', 'b', 'c'])
  expect(await archive.head('b')).toEqual({ size: 25, metadata: {} })
  expect((await archive.get('b'))?.toString()).toMatch(/^bytes of an object/)
  expect(await archive.head('c')).toEqual({ size: 18, metadata: { name: 'c' } })
  expect(await archive.put('b', Buffer.from('x'))).toBe('exists')
})

test('takes metadata that were changed for none', async () => {
  const archive = await openDirectoryArchive({ dir })
  await archive.put('a', Buffer.from('bytes'), { name: 'one' })
  const file = await readFile(join(dir, 'a'))
  file[5 + 8] = 0
  await writeFile(join(dir, 'a'), file)
  expect(await archive.head('a')).toEqual({ size: 5, metadata: {} })
})
