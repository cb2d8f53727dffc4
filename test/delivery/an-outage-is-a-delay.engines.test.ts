import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@dateline/cli'
import { type EngineName, enginesDown, enginesUp, startEngine, stopEngine } from '@dateline/local-engines'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { families, realEngines } from '../support/families.ts'
import { eventually, type Running, runInstance } from '../support/running.ts'
import { settledArchive, settledAudit } from '../support/settled.ts'

const real = families.find((family) => family.name === 'real' && family.isAvailable)

/** On engines of its own, which it may stop and start: the shared ones stay as they are. */
describe.skipIf(real === undefined)('an outage of one engine is a delay, not a loss', () => {
  let dir = ''
  let running: Running
  let next = 0

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'dateline-outage-'))
    const ports = {
      kafka: await freePort(),
      s3: await freePort(),
      redisState: await freePort(),
      redisJobs: await freePort(),
    }
    const { environment } = await enginesUp({ dir, ports })
    running = await runInstance({ name: 'real', isAvailable: true, engines: realEngines(environment) })
  }, 180_000)

  afterAll(async () => {
    await running?.stop()
    await enginesDown({ dir, wipe: true })
    await rm(dir, { recursive: true, force: true })
  }, 60_000)

  const message = (): Uint8Array => ninjsMessage({ number: ++next, uri: `https://sim.example/outage/${next}` })
  const outage = async (engine: EngineName, during: () => Promise<void>): Promise<void> => {
    await stopEngine(engine, 'SIGKILL', { dir })
    try {
      await during()
    } finally {
      await startEngine(engine, { dir })
    }
  }

  it('S3 away: news flows, archiving catches up', { timeout: 120_000 }, async () => {
    await outage('s3', async () => {
      for (let count = 0; count < 20; count += 1)
        expect(await running.push('sim-json', message())).toEqual(['published/new'])
    })
  })

  it('Redis away: publishing pauses and resumes', { timeout: 120_000 }, async () => {
    const receipts: string[] = []
    await outage('redis-state', async () => {
      for (let count = 0; count < 20; count += 1)
        receipts.push((await running.client().push('sim-json', message())).receipt)
      await sleep(1_000)
      expect((await running.client().receipt(receipts[0] ?? '')).state).toBe('pending')
    })
    for (const receipt of receipts)
      expect((await running.client().waitForOutcomes(receipt, 60_000)).outcomes.map(({ outcome }) => outcome)).toEqual([
        'published',
      ])
  })

  it('the jobs engine away: news flows', { timeout: 120_000 }, async () => {
    await outage('redis-jobs', async () => {
      expect(await running.push('sim-json', message())).toEqual(['published/new'])
    })
  })

  it('Kafka away: the door answers 503 with Retry-After, and everything resumes', { timeout: 180_000 }, async () => {
    await outage('kafka-1', async () => {
      const refusal = await running
        .client()
        .push('sim-json', message())
        .then(
          () => null,
          (error: { status?: number; retryAfterSeconds?: number }) => error,
        )
      expect(refusal).toMatchObject({ status: 503 })
      expect(refusal?.retryAfterSeconds).toBeGreaterThan(0)
    })
    const again = await eventually(
      () => running.push('sim-json', message()).catch(() => null),
      (outcomes) => outcomes !== null,
      90_000,
    )
    expect(again).toEqual(['published/new'])
  })

  it('nothing was rejected, nothing is missing, no story went backwards, and all of it is archived', {
    timeout: 120_000,
  }, async () => {
    const engines = await running.installation.open()
    const report = await settledAudit(engines.log)
    expect(report).toMatchObject({ addsUp: true, outcomes: { rejected: 0 } })
    expect((await checkStories(engines.log)).faults).toEqual([])
    const archive = await settledArchive(engines, report.messages)
    expect(archive).toMatchObject({ isWhole: true, messages: report.messages })
    await engines.close()
  })
})
