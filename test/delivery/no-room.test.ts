import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, openEngines } from '@dateline/cli'
import { type Client, connect, Refusal } from '@dateline/client'
import { readSettings, silentLogger } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { dateline, type RunningCommand, startDateline } from '../support/command.ts'
import { eventually } from '../support/running.ts'
import { settledArchive, settledAudit } from '../support/settled.ts'

const megabyte = 1024 * 1024
const settingsText = 'archive: { flushAfter: 1s }\n'
const disk = smallDisk(96)

/** A disk of its own in memory; null where this user may not mount one. */
function smallDisk(megabytes: number): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'dateline-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' })
    return dir
  } catch {
    rmdirSync(dir)
    return null
  }
}

describe.skipIf(disk === null)('a disk without room (skipped where mounting a small disk is not allowed)', () => {
  const dir = disk ?? ''
  const dataDir = join(dir, 'data')
  const config = join(dir, 'dateline.yaml')
  const filler = join(dir, 'filler')
  let command: RunningCommand | null = null
  let client: Client
  let next = 0

  afterAll(async () => {
    await command?.stop()
    execFileSync('umount', [dir])
    rmdirSync(dir)
  }, 60_000)

  const up = async (): Promise<void> => {
    const port = await freePort()
    await writeFile(config, settingsText)
    command = startDateline(['up', '--port', String(port), '--data', dataDir, '--config', config])
    await command.says('Ready.')
    const key = (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim()
    client = connect({ url: `http://127.0.0.1:${port}`, key })
  }
  /** The status of the refusal; null when it was accepted. */
  const push = (): Promise<unknown> => {
    next += 1
    return client.push('sim-json', ninjsMessage({ number: next, uri: `https://sim.example/room/${next}` })).then(
      () => null,
      (error: unknown) => (error instanceof Refusal ? error.status : error),
    )
  }

  it('answers 503 when the disk is full, says so, and goes on when there is room', { timeout: 120_000 }, async () => {
    await up()
    expect(await push()).toBe(null)
    const free = Number(execFileSync('stat', ['-f', '-c', '%a', dir]).toString()) * 4096
    await writeFile(filler, Buffer.alloc(free - 2 * megabyte))
    const refusal = await eventually(push, (status) => status !== null, 60_000)
    expect(refusal, command?.output()).toBe(503)
    expect(command?.output()).toMatch(/No room left for .*free some disk space/)
    expect(command?.child.exitCode).toBe(null)

    await rm(filler)
    expect(await eventually(push, (status) => status === null, 30_000), 'a push after there was room again').toBe(null)
    const last = await client.push(
      'sim-json',
      ninjsMessage({ number: ++next, uri: `https://sim.example/room/${next}` }),
    )
    expect((await client.waitForOutcomes(last.receipt, 30_000)).outcomes.map(({ outcome }) => outcome)).toEqual([
      'published',
    ])
  })

  it('wrote nothing half: every message has its outcome, and the archive is whole', { timeout: 90_000 }, async () => {
    const settings = readSettings(settingsText, {})
    if (settings.kind === 'faults') throw new Error(settings.faults.join(' '))
    const engines = await openEngines(settings.settings, { dataDir, log: silentLogger })
    try {
      const report = await settledAudit(engines.log)
      expect(report).toMatchObject({ addsUp: true, missing: 0, pending: 0, outcomes: { rejected: 0 } })
      expect((await checkStories(engines.log)).faults).toEqual([])
      const archive = await settledArchive(engines, report.messages)
      expect(archive).toMatchObject({ isWhole: true, messages: report.messages })
    } finally {
      await engines.close()
    }
  })

  it('says in one sentence that a directory may only be read', { timeout: 60_000 }, async () => {
    await command?.stop()
    execFileSync('mount', ['-o', 'remount,ro', dir])
    const { code, stdout, stderr } = await dateline(['up', '--port', String(await freePort()), '--data', dataDir])
    execFileSync('mount', ['-o', 'remount,rw', dir])
    expect(stderr).toMatch(/Cannot (write|open) .*writable/)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
    expect(code).toBeGreaterThan(0)
    await up()
    expect(await push()).toBe(null)
  })
})
