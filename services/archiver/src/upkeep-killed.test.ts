import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { archivedMessages, verifyArchive } from '@dateline/archive'
import { allOf, chain, fillChain, message } from '@dateline/archive/testing'
import { openDirectoryArchive } from '@dateline/embedded'
import type { Archive, LogRecord } from '@dateline/ports'
import { afterEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('testing/upkeep-process.ts', import.meta.url))
const hourMs = 3_600_000
const startMs = Date.parse('2026-01-01T00:00:00Z')
const hourly = (offset: number): LogRecord => ({ ...message(offset), timeMs: startMs + offset * hourMs })
const nowMs = startMs + 6 * 24 * hourMs

let dir = ''
afterEach(() => rm(dir, { recursive: true, force: true }))

/** Six days, an object every four hours. */
async function sixDays(): Promise<Archive> {
  dir = await mkdtemp(join(tmpdir(), 'dateline-upkeep-'))
  const archive = await openDirectoryArchive({ dir })
  const starts = Array.from({ length: 36 }, (_, at) => at * 4)
  await fillChain(
    archive,
    chain,
    starts.map((from) => [0, 1, 2, 3].map((at) => hourly(from + at))),
  )
  return archive
}

function round(dieAt: number): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, JSON.stringify({ dir, nowMs, dieAt })], { stdio: 'ignore' })
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)))
}

test('a process that is killed over and over loses nothing, and what it leaves is finished', async () => {
  const archive = await sixDays()
  for (const dieAt of [1, 2, 3, 5, 8, 13, 21]) {
    expect(await round(dieAt)).toBe('SIGKILL')
    const report = await verifyArchive(archive)
    expect(report.partitions.map((one) => one.fault)).toEqual([null])
    const records = await allOf(archivedMessages(archive, chain))
    const first = records[0]?.offset ?? 0
    expect([0, 48]).toContain(first)
    expect(records).toEqual(Array.from({ length: 144 - first }, (_, at) => hourly(first + at)))
  }
  expect(await round(0)).toBe(null)
  expect(await verifyArchive(archive)).toMatchObject({ isWhole: true, messages: 96, lost: 48 })
  const keys = (await allOf(archive.list(''))).map(({ key }) => key.split('/')[0])
  expect(keys.filter((root) => root === 'spans')).toHaveLength(4)
  expect(keys.filter((root) => root === 'raw')).toHaveLength(6)
}, 60_000)
