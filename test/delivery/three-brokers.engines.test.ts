import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@dateline/cli'
import { type EngineName, enginesDown, enginesUp, startEngine, stopEngine } from '@dateline/local-engines'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStories, contradictions } from '../support/check-stories.ts'
import { realEngines } from '../support/families.ts'
import { type Running, runInstance } from '../support/running.ts'
import { settledArchive, settledAudit } from '../support/settled.ts'

const messages = Number(process.env.TEST_FAULTS_MESSAGES ?? 2_000)
const versionsEach = 4

/** On a cluster of its own, with TEST_FAULTS=1: three brokers are more than a laptop's tests should start unasked. */
describe.skipIf(process.env.TEST_FAULTS !== '1')('on three brokers of which one after the other dies', () => {
  let dir = ''
  let running: Running

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'dateline-brokers-'))
    const ports = {
      kafka: await freePort(),
      s3: await freePort(),
      redisState: await freePort(),
      redisJobs: await freePort(),
    }
    const { environment } = await enginesUp({ dir, ports, brokers: 3 })
    running = await runInstance({ name: 'real', isAvailable: true, engines: realEngines(environment) })
  }, 240_000)
  afterAll(async () => {
    await running?.stop()
    await enginesDown({ dir, wipe: true })
    await rm(dir, { recursive: true, force: true })
  }, 90_000)

  it('nothing is lost and no story goes backwards while the leaders move', { timeout: 600_000 }, async () => {
    let isMoving = true
    const moving = (async () => {
      const brokers: readonly EngineName[] = ['kafka-1', 'kafka-2', 'kafka-3']
      for (const broker of brokers) {
        await sleep(2_000)
        await stopEngine(broker, 'SIGKILL', { dir })
        await sleep(4_000)
        await startEngine(broker, { dir })
      }
      isMoving = false
    })()
    const accepted: { readonly storyKey: string; readonly version: string }[] = []
    let refused = 0
    let next = 0
    const lane = async (): Promise<void> => {
      for (let story = next++; isMoving || story * versionsEach < messages; story = next++)
        for (let version = 1; version <= versionsEach; version += 1) {
          const uri = `https://sim.example/brokers/${story}`
          const bytes = ninjsMessage({ uri, version, headline: `Bericht ${story}, versie ${version}` })
          const push = (): Promise<boolean> =>
            running
              .client()
              .push('sim-json', bytes)
              .then(
                () => true,
                () => false,
              )
          while (!(await push())) {
            refused += 1
            await sleep(100 + Math.random() * 200)
          }
          accepted.push({ storyKey: `sim:${uri}`, version: String(version) })
        }
    }
    await Promise.all([moving, ...Array.from({ length: 8 }, lane)])

    const engines = await running.installation.open()
    try {
      const report = await settledAudit(engines.log, 120_000)
      const stories = await checkStories(engines.log)
      const lost = accepted.filter(({ storyKey, version }) => !stories.versions.get(storyKey)?.includes(version))
      console.log(
        `${accepted.length} accepted, ${refused} refused and sent again, ${stories.events} events of which ${stories.repeats} repeats`,
      )
      expect(lost).toEqual([])
      expect(stories.faults).toEqual([])
      expect(await contradictions(engines.log)).toEqual([])
      expect(report).toMatchObject({ addsUp: true, missing: 0, outcomes: { rejected: 0 } })
      const archive = await settledArchive(engines, report.messages)
      expect(archive).toMatchObject({ isWhole: true, messages: report.messages })
    } finally {
      await engines.close()
    }
  })
})
