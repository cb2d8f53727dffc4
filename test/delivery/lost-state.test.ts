import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { freePort } from '@dateline/cli'
import { enginesDown, enginesUp, startEngine, stopEngine } from '@dateline/local-engines'
import { newsmlG2Message, ninjsMessage } from '@dateline/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStories, contradictions } from '../support/check-stories.ts'
import { dateline } from '../support/command.ts'
import { type Family, families } from '../support/families.ts'
import { eventually, type Running, runInstance } from '../support/running.ts'
import { settledAudit } from '../support/settled.ts'

/** What happens to the memory, while messages flow. */
interface Losses {
  /** A family whose state nobody else uses. */
  readonly family: Family
  wipe(running: Running): Promise<void>
  /** Keeps the state as it is now. */
  keep(running: Running): Promise<void>
  /** Puts the kept state back, as a failover or a restored copy would. */
  setBack(running: Running): Promise<void>
  close(): Promise<void>
}

/** The embedded state lies in the file of the log: it is changed while the process is down, as an operator would. */
async function embeddedLosses(family: Family): Promise<Losses> {
  const whileDown = async (running: Running, change: (db: DatabaseSync) => void): Promise<void> => {
    await running.kill('all')
    const db = new DatabaseSync(join(running.installation.dataDir, 'dateline.db'), { timeout: 5_000 })
    db.exec('BEGIN IMMEDIATE')
    change(db)
    db.exec('COMMIT')
    db.close()
    await running.start('all')
  }
  return {
    family,
    wipe: (running) => whileDown(running, (db) => db.exec('DELETE FROM state; DELETE FROM state_owners')),
    keep: (running) =>
      whileDown(running, (db) =>
        db.exec(
          'CREATE TABLE kept_state AS SELECT * FROM state; CREATE TABLE kept_owners AS SELECT * FROM state_owners',
        ),
      ),
    setBack: (running) =>
      whileDown(running, (db) =>
        db.exec(`DELETE FROM state; DELETE FROM state_owners;
          INSERT INTO state SELECT * FROM kept_state; INSERT INTO state_owners SELECT * FROM kept_owners;
          DROP TABLE kept_state; DROP TABLE kept_owners`),
      ),
    close: async () => {},
  }
}

/** A Redis of its own, which may be wiped and set back under publishers that run. */
async function realLosses(family: Family): Promise<Losses> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-lost-'))
  const ports = { redisState: await freePort(), redisJobs: await freePort() }
  const { environment } = await enginesUp({ dir, ports, only: ['redis'] })
  const redisState = environment.TEST_REDIS_STATE ?? `redis://127.0.0.1:${ports.redisState}`
  const [data, copy] = [join(dir, 'redis-state', 'data'), join(dir, 'kept')]
  const whileDown = async (change: () => Promise<void>): Promise<void> => {
    await stopEngine('redis-state', 'SIGTERM', { dir })
    await change()
    await startEngine('redis-state', { dir })
  }
  return {
    family: { ...family, engines: family.engines && { ...family.engines, redisState } },
    async wipe() {
      const redis = new Redis(redisState)
      await redis.flushall()
      redis.disconnect()
    },
    keep: () => whileDown(() => cp(data, copy, { recursive: true })),
    setBack: () =>
      whileDown(async () => {
        await rm(data, { recursive: true })
        await cp(copy, data, { recursive: true })
      }),
    async close() {
      await enginesDown({ dir, wipe: true })
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const stories = 60
const xmlId = (story: number): string => `urn:newsml:sim.example:20260120:lost-${story}`
const jsonId = (story: number): string => `https://sim.example/lost/${story}`
const isXml = (story: number): boolean => story % 2 === 0
const keyOf = (story: number): string => `sim:${isXml(story) ? xmlId(story) : jsonId(story)}`
/** Every fifth story is killed with version 3; version 4 restores it. */
const isKilled = (story: number): boolean => story % 5 === 0

describe.each(families.filter((family) => family.isAvailable))('on $name engines', (family) => {
  let losses: Losses
  let running: Running
  let embargoDue = 0

  beforeAll(async () => {
    losses = await (family.name === 'real' ? realLosses(family) : embeddedLosses(family))
    running = await runInstance(losses.family)
  }, 120_000)
  afterAll(async () => {
    await running?.stop()
    await losses?.close()
  }, 60_000)

  const send = async (story: number, version: number): Promise<void> => {
    const isKill = isKilled(story) && version === 3
    const fields = {
      version: String(version),
      headline: `Bericht ${story}, versie ${version}`,
      ...(isKill ? { pubStatus: 'canceled' as const } : {}),
    }
    const bytes = isXml(story)
      ? Buffer.from(newsmlG2Message({ guid: xmlId(story), ...fields }))
      : ninjsMessage({ uri: jsonId(story), ...fields })
    // A door that is down for a moment, as with embedded engines, is knocked at again.
    const accepted = await eventually(
      () =>
        running
          .client()
          .push(isXml(story) ? 'sim-xml' : 'sim-json', bytes)
          .then(
            () => true,
            () => false,
          ),
      (isIn) => isIn,
    )
    expect(accepted).toBe(true)
  }
  /** All stories in one version, with something happening in the middle of it. */
  const flow = async (version: number, meanwhile?: () => Promise<void>): Promise<void> => {
    let sent = 0
    const sending = Array.from({ length: 8 }, async (_unused, lane) => {
      for (let story = lane; story < stories; story += 8) {
        await send(story, version)
        sent += 1
      }
    })
    const middle = eventually(
      async () => sent,
      (count) => count > stories / 4,
    )
    await Promise.all([...sending, middle.then(() => meanwhile?.())])
  }
  const settled = async (): Promise<void> => {
    const engines = await running.installation.open()
    const report = await settledAudit(engines.log)
    await engines.close()
    expect(report).toMatchObject({ addsUp: true, missing: 0, pending: 0 })
  }
  /** What a reader holds that keeps the highest sequence of each story. */
  const newest = async () => {
    const engines = await running.installation.open()
    const report = await checkStories(engines.log, { hasHeld: true })
    const said = await contradictions(engines.log)
    await engines.close()
    expect(report.faults).toEqual([])
    expect(said).toEqual([])
    return Object.fromEntries(
      Array.from({ length: stories }, (_unused, story) => {
        const found = report.newest.get(keyOf(story))
        return [story, `${found?.type.replace('dateline.story.', '')} v${found?.version}`]
      }),
    )
  }
  const repeats = async (): Promise<number> => {
    const engines = await running.installation.open()
    const report = await checkStories(engines.log, { hasHeld: true })
    await engines.close()
    return report.repeats
  }
  const expected = (alive: string, killed = 'killed v3'): Record<string, string> =>
    Object.fromEntries(Array.from({ length: stories }, (_unused, story) => [story, isKilled(story) ? killed : alive]))

  it('wiped in the middle of a flow: it is restored from its changelog, and nothing goes backwards', {
    timeout: 120_000,
  }, async () => {
    await flow(2)
    await flow(3, () => losses.wipe(running))
    embargoDue = Date.now() + (family.name === 'real' ? 12_000 : 30_000)
    await eventually(
      () =>
        running
          .push('sim-json', ninjsMessage({ uri: jsonId(-1), embargoed: new Date(embargoDue).toISOString() }))
          .catch(() => []),
      ([outcome]) => outcome === 'held/embargoed',
    )
    await settled()
    expect(await newest()).toEqual(expected('updated v3'))
  })

  it('wiped while nothing flows: what is older or known stays stale and duplicate, and killed stays killed', {
    timeout: 120_000,
  }, async () => {
    const before = await repeats()
    await losses.wipe(running)
    await flow(3)
    await flow(2)
    await settled()
    expect(await newest()).toEqual(expected('updated v3'))
    expect(await repeats(), 'restored from the changelog, not folded again from the beginning').toBe(before)
  })

  it('set back in the middle of a flow: what was published since comes out again with the same ids', {
    timeout: 120_000,
  }, async () => {
    await losses.keep(running)
    await flow(4)
    await settled()
    expect(await newest()).toEqual(expected('updated v4', 'restored v4'))
    await flow(5, () => losses.setBack(running))
    await settled()
    expect(await newest()).toEqual(expected('updated v5', 'updated v5'))
  })

  it('restored by hand with `dateline state restore`, under publishers that run', { timeout: 120_000 }, async () => {
    const before = await newest()
    await losses.wipe(running)
    const common = ['--config', running.installation.config, '--data', running.installation.dataDir]
    const { code, stdout, stderr } = await dateline(['state', 'restore', '--json', ...common])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { entries: number })
    expect(lines).toHaveLength(12)
    expect(lines.reduce((sum, line) => sum + line.entries, 0)).toBe(stories + 1)
    await flow(2)
    await settled()
    expect(await newest()).toEqual(before)
  })

  it('kept the embargo through all of it: released when due, not before and once', { timeout: 120_000 }, async () => {
    const events = await eventually(
      () =>
        running
          .client()
          .history(`sim:${jsonId(-1)}`)
          .catch(() => []),
      (found) => found.length > 0,
      90_000,
    )
    expect(events.map((event) => event.type)).toEqual(['dateline.story.published'])
    expect(Date.parse(events[0]?.time ?? '')).toBeGreaterThanOrEqual(embargoDue)
  })
})
