import { expect, it } from 'vitest'
import { createBrake } from './brake.ts'

const limits = { lagLimit: 100, latencyLimitMs: 1_000 }

it.each([
  ['goes at full speed while live is well', { lag: 10, latencyMs: 100 }, 1],
  ['goes at full speed up to half of a limit', { lag: 50, latencyMs: 500 }, 1],
  ['slows down when the publisher lags', { lag: 75, latencyMs: 0 }, 0.5],
  ['slows down when live is slow', { lag: 0, latencyMs: 900 }, 0.2],
  ['stands still at the limit of lag', { lag: 100, latencyMs: 0 }, 0],
  ['stands still at the limit of latency', { lag: 0, latencyMs: 1_000 }, 0],
  ['stands still when nothing is known', null, 0],
] as const)('%s', async (_name, live, factor) => {
  const brake = createBrake(async () => live, limits, { everyMs: 0 })
  for (let look = 0; look < 20; look += 1) await brake.read()
  const reading = await brake.read()
  expect(reading.factor).toBeCloseTo(factor)
  expect(reading.held === null).toBe(factor > 0)
})

it('goes on only when live has been well for a while', async () => {
  let live = { lag: 340, latencyMs: 0 }
  let nowMs = 0
  const brake = createBrake(async () => live, limits, { everyMs: 250, rememberMs: 2_000, clock: () => nowMs })
  expect((await brake.read()).held).toBe('the publisher lags by 340 records (limit 100)')
  live = { lag: 0, latencyMs: 0 }
  nowMs = 100
  expect((await brake.read()).factor).toBe(0)
  nowMs = 1_900
  expect((await brake.read()).factor).toBe(0)
  nowMs = 2_200
  expect(await brake.read()).toEqual({ factor: 0.1, held: null })
  nowMs = 2_500
  expect((await brake.read()).factor).toBeCloseTo(0.13)
})
