import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@dateline/ports'
import { readPartition } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkStories, contradictions } from '../support/check-stories.ts'
import { families } from '../support/families.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { eventually, type Running, runInstance } from '../support/running.ts'
import { settledAudit } from '../support/settled.ts'

const real = families.find((family) => family.name === 'real' && family.isAvailable)
/** How long it sleeps at least; the session ends after 6 s. The long form: TEST_PAUSE_SECONDS=120. */
const pauseSeconds = Number(process.env.TEST_PAUSE_SECONDS ?? 8)
const stories = 40

describe.skipIf(real === undefined)('a stopped process is no owner', () => {
  let running: Running
  let round = 0
  let sleeper: Worker | null = null

  beforeAll(async () => {
    if (real !== undefined) running = await runInstance(real)
  }, 90_000)
  afterEach(async () => {
    sleeper?.signal('SIGCONT')
    if (sleeper !== null) await stopWorkers([sleeper])
    sleeper = null
  }, 30_000)
  afterAll(() => running?.stop(), 60_000)

  const id = (story: number): string => `https://sim.example/sleep/${round}/${story}`
  const pushAll = (version: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: stories }, (_unused, story) =>
        running.client().push('sim-json', ninjsMessage({ uri: id(story), version, headline: `Versie ${version}` })),
      ),
    )
  const settled = async (log: EventLog): Promise<void> => {
    const report = await settledAudit(log)
    expect(report).toMatchObject({ addsUp: true, missing: 0, pending: 0, outcomes: { rejected: 0 } })
  }

  it.each(['before-append:stories', 'after-append:stories', 'before-store'] as const)(
    'asleep %s, and woken when another has long taken over: nothing new comes of it',
    { timeout: 120_000 + pauseSeconds * 1_000 },
    async (at) => {
      round += 1
      const engines = await running.installation.open()
      try {
        const before = await checkStories(engines.log)
        await running.kill('publisher', 'SIGTERM')
        const { config, dataDir } = running.installation
        const worker = startWorker({
          config,
          dataDir,
          services: ['publisher'],
          die: { at, times: 1, signal: 'SIGSTOP' },
        })
        sleeper = worker
        await worker.started
        await pushAll(1)
        expect(
          await eventually(
            async () => isStopped(worker),
            (isIt) => isIt,
          ),
        ).toBe(true)
        const asleepSince = performance.now()

        await running.start('publisher')
        await settled(engines.log)
        await pushAll(2)
        await settled(engines.log)
        await sleep(Math.max(0, pauseSeconds * 1_000 - (performance.now() - asleepSince)))
        worker.signal('SIGCONT')
        expect(
          await eventually(
            async () => worker.output(),
            (text) => text.includes('owner'),
          ),
        ).toContain('owner')

        await pushAll(3)
        await settled(engines.log)
        const after = await checkStories(engines.log)
        expect(after.faults).toEqual([])
        expect(await contradictions(engines.log)).toEqual([])
        expect(await changelogFaults(engines.log)).toEqual([])
        expect(after.repeats, 'the batch in its hands came out twice').toBeGreaterThan(before.repeats)
        for (let story = 0; story < stories; story += 1)
          expect(after.versions.get(`sim:${id(story)}`)).toEqual(['1', '2', '3'])
      } finally {
        await engines.close()
      }
    },
  )
})

const isStopped = (worker: Worker): boolean => {
  const stat = readFileSync(`/proc/${worker.pid}/stat`, 'utf8')
  return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}

/** Compaction keeps the last record of a story: one that is older than what stood before it would outlive the newer. */
async function changelogFaults(log: EventLog): Promise<readonly string[]> {
  const faults: string[] = []
  const highest = new Map<string, number>()
  for (const { partition } of await log.offsets('stories.state'))
    for await (const record of readPartition(log, 'stories.state', partition)) {
      const key = record.key?.toString('utf8') ?? ''
      const { input } = JSON.parse(record.value?.toString('utf8') ?? '{}') as { input?: number }
      if (input === undefined) continue
      const known = highest.get(key) ?? -1
      if (input < known) faults.push(`${key}: the state after input ${input} stands behind the one after ${known}`)
      highest.set(key, Math.max(known, input))
    }
  return faults
}
