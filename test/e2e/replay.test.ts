import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@dateline/cli'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dateline, type RunningCommand, startDateline } from '../support/command.ts'

let dir = ''
let up: RunningCommand
let instance: readonly string[] = []
const escapeCode = String.fromCharCode(27)

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-replay-'))
  const port = await freePort()
  instance = ['--data', dir, '--url', `http://127.0.0.1:${port}`]
  up = startDateline(['up', '--data', dir, '--port', String(port)])
  await up.says('Ready')
  await writeFile(join(dir, 'story.json'), ninjsMessage({ uri: 'urn:newsml:sim.example:20260120:1' }))
  await writeFile(join(dir, 'odd.txt'), `<odd>${escapeCode}[31mred</odd>`)
}, 60_000)
afterAll(async () => {
  await up.stop()
  await rm(dir, { recursive: true, force: true })
})

const run = (...args: readonly string[]) => dateline([...args, ...instance])

it('a rejected message is listed, shown without obeying what it says, retried in vain, and dropped', async () => {
  expect((await run('rejected', 'ls')).stdout).toContain('Nothing was rejected')
  await run('push', join(dir, 'odd.txt'), '--feed', 'sim-json')
  const listed = await run('rejected', 'ls', '--json')
  expect(JSON.parse(listed.stdout)).toMatchObject({ feed: 'sim-json', open: 1 })
  const { id } = JSON.parse((await run('rejected', 'ls', '--messages', '--json')).stdout) as { readonly id: string }
  const shown = await run('rejected', 'show', id)
  expect(shown.stdout).toContain('<odd>\\x1b[31mred</odd>')
  expect(shown.stdout).not.toContain(escapeCode)
  const dry = await run('rejected', 'retry', '--feed', 'sim-json', '--dry-run')
  expect([dry.code, dry.stdout]).toEqual([1, expect.stringContaining('0 would be accepted, 1 rejected again')])
  const retried = await run('rejected', 'retry', id)
  expect([retried.code, retried.stdout]).toEqual([1, expect.stringContaining('try 1')])
  const unchosen = await run('rejected', 'drop', '--why', 'x')
  expect([unchosen.code, unchosen.stderr]).toEqual([1, expect.stringContaining('Say which')])
  expect((await run('rejected', 'drop', '--feed', 'sim-json', '--why', 'a drill')).stdout).toBe('Dropped 1.\n')
  expect((await run('rejected', 'show', id)).stdout).toContain('dropped by operator: a drill')
}, 60_000)

it('a replay of the same code says that nothing would change', async () => {
  await run('push', join(dir, 'story.json'), '--feed', 'sim-json')
  const asked = await run('replay', 'start', '--name', 'morning', '--feed', 'sim-json', '--watch')
  expect([asked.code, asked.stderr]).toEqual([0, ''])
  expect(asked.stdout).toContain('Nothing would change, and nothing was published.')
  expect((await run('replay', 'ls')).stdout).toMatch(/morning\s+reprocess\s+done\s+100 %/)
  const shown = JSON.parse((await run('replay', 'show', 'morning', '--json')).stdout) as { readonly by: string }
  expect(shown).toMatchObject({ state: 'done', by: 'operator', preview: { feeds: { 'sim-json': { same: 1 } } } })
  const late = await run('replay', 'confirm', 'morning')
  expect([late.code, late.stderr]).toEqual([1, 'dateline: The replay morning is done: start a new one.\n'])
  const unknown = await run('replay', 'start', '--feed', 'sim-jsno')
  expect([unknown.code, unknown.stderr]).toEqual([1, 'dateline: There is no feed sim-jsno. The feeds are: sim-json.\n'])
}, 60_000)
