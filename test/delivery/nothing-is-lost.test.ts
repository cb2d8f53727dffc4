import { describe, expect, it } from 'vitest'
import { families } from '../support/families.ts'
import { killRun } from './kill-run.ts'

/** Enough kills that each named point comes up once on each family. */
const killsNeeded = { embedded: 6, real: 14 }

describe.each(families)('on $name engines', (family) => {
  it.skipIf(!family.isAvailable)(
    'nothing is lost, nothing disappears and no story goes backwards when every process is killed at every point',
    { timeout: 480_000 },
    async () => {
      const report = await killRun(family, {
        messages: 2_000,
        kills: killsNeeded[family.name],
        onProgress: (text) => console.log(text),
      })
      console.log(JSON.stringify({ ...report, lost: report.lost.length }))
      expect(report.lost).toEqual([])
      expect(report.faults).toEqual([])
      expect(report.auditAddsUp).toBe(true)
      expect(report.archive).toMatchObject({ isWhole: true, faults: [] })
      expect(report.repeats).toBeLessThan(500)
    },
  )
})
