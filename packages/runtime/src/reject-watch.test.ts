import { expect, it } from 'vitest'
import { createAlarms } from './alarms.ts'
import { silentLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createRejectWatch } from './reject-watch.ts'

it('raises one alarm when rejects of a feed rise above its bound, and clears it when they are over', () => {
  let nowMs = 0
  const alarms = createAlarms(silentLogger, createMetrics())
  const watch = createRejectWatch(
    alarms,
    () => 0.2,
    () => nowMs,
  )
  watch.count('a', 10, 9)
  expect(alarms.standing()).toEqual([])
  watch.count('a', 10, 1)
  expect(alarms.standing()).toMatchObject([{ alarm: 'rejects-rising', feed: 'a' }])
  watch.count('b', 100, 1)
  expect(alarms.standing()).toHaveLength(1)
  nowMs = 400_000
  watch.count('a', 50, 0)
  expect(alarms.standing()).toEqual([])
})
