import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  archivePromises,
  type ContractPromise,
  eventLogPromises,
  jobQueuePromises,
  stateStorePromises,
} from '@dateline/ports/contracts'
import { describe, expect, test } from 'vitest'
import { openDirectoryArchive, openSqliteEventLog, openSqliteJobQueue, openSqliteStateStore } from './index.ts'
import { archiveBreakages } from './testing/breakages-archive.ts'
import { jobBreakages } from './testing/breakages-jobs.ts'
import { type Breakage, logBreakages } from './testing/breakages-log.ts'
import { stateBreakages } from './testing/breakages-state.ts'
import { dataDir } from './testing/data-dir.ts'

// A suite that no fault turns red proves nothing: each promise is broken on purpose, and its check must notice.
const patienceMs = 3_000

/** How a broken adapter shows: its check rejects, or waits for what never comes. */
async function isNoticed(check: Promise<void>): Promise<boolean> {
  const outcome = check.then(
    () => false,
    () => true,
  )
  return Promise.race([outcome, pause(10 * patienceMs, true)])
}

function aliveSuite<Port extends object, Subject>(
  name: string,
  promises: readonly ContractPromise<Subject>[],
  breakages: readonly Breakage<Port>[],
  subjectOn: (dir: string, breakIt: (port: Port) => Partial<Port>) => Subject,
): void {
  describe(`${name}: a broken adapter does not pass`, () => {
    test('every promise is broken by some adapter', () => {
      const broken = new Set(breakages.map(([promise]) => promise))
      expect(promises.map(({ promise }) => promise).filter((promise) => !broken.has(promise))).toEqual([])
    })

    for (const [promise, breakIt] of breakages) {
      test.concurrent(promise, { timeout: 120_000 }, async ({ onTestFinished }) => {
        const { check } = promises.find((one) => one.promise === promise) ?? {}
        if (check === undefined) throw new Error(`no promise is called: ${promise}`)
        expect(await isNoticed(check(subjectOn(await dataDir(onTestFinished), breakIt)))).toBe(true)
      })
    }
  })
}

const broken = async <Port extends object>(
  opening: Promise<Port>,
  breakIt: (port: Port) => Partial<Port>,
): Promise<Port> => {
  const port = await opening
  return { ...port, ...breakIt(port) }
}

aliveSuite('event log', eventLogPromises, logBreakages, (dir, breakIt) => ({
  open: () => broken(openSqliteEventLog({ dir }), breakIt),
  patienceMs,
  sessionTimeoutMs: 1_500,
}))

aliveSuite('state store', stateStorePromises, stateBreakages, (dir, breakIt) => ({
  open: () => broken(openSqliteStateStore({ dir }), breakIt),
}))

aliveSuite('archive', archivePromises, archiveBreakages, (dir, breakIt) => ({
  open: () => broken(openDirectoryArchive({ dir: join(dir, 'archive') }), breakIt),
}))

aliveSuite('job queue', jobQueuePromises, jobBreakages, (dir, breakIt) => ({
  open: () => broken(openSqliteJobQueue({ dir }), breakIt),
  patienceMs,
}))
