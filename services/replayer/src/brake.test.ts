import { expect, it } from 'vitest'
import { createBrake, restAfter } from './brake.ts'

const limits = { lagLimit: 100, latencyLimitMs: 1_000 }
const notices = (share = 1) => {
  const told: string[] = []
  return { told, share: async () => share, beginAnew: () => void told.push('anew') }
}

it.each([
  ['goes at full speed while live is well', { lag: 10, latencyMs: 100 }, 1],
  ['goes at full speed up to half of a limit', { lag: 50, latencyMs: 500 }, 1],
  ['slows down when the publisher lags', { lag: 75, latencyMs: 0 }, 0.5],
  ['slows down when live is slow', { lag: 0, latencyMs: 900 }, 0.2],
  ['stands still at the limit of lag', { lag: 100, latencyMs: 0 }, 0],
  ['stands still at the limit of latency', { lag: 0, latencyMs: 1_000 }, 0],
  ['stands still when nothing is known', null, 0],
] as const)('%s', async (_name, live, share) => {
  const reading = await createBrake(async () => live, notices(), limits).read()
  expect(reading.share).toBeCloseTo(share)
  expect(reading.held === null).toBe(share > 0)
})

it('takes no more than courtesy gives, and is not held where courtesy rests', async () => {
  const live = async () => ({ lag: 75, latencyMs: 0 })
  expect(await createBrake(live, notices(0.3), limits).read()).toEqual({ share: 0.3, held: null })
  expect(await createBrake(live, notices(0), limits).read()).toEqual({ share: 0, held: null })
})

it('goes on only when live has been well for a while, and feels its way anew', async () => {
  let live = { lag: 340, latencyMs: 0 }
  let nowMs = 0
  const courtesy = notices(0.1)
  const times = { everyMs: 250, rememberMs: 2_000, clock: () => nowMs }
  const brake = createBrake(async () => live, courtesy, { ...limits, ...times })
  expect((await brake.read()).held).toBe('the publisher lags by 340 records (limit 100)')
  expect(courtesy.told).toEqual(['anew'])
  live = { lag: 0, latencyMs: 0 }
  nowMs = 100
  expect((await brake.read()).share).toBe(0)
  nowMs = 1_900
  expect((await brake.read()).share).toBe(0)
  nowMs = 2_200
  expect(await brake.read()).toEqual({ share: 0.1, held: null })
})

it.each([
  [1, 0],
  [0.5, 40],
  [0.1, 360],
  [0.02, 1_960],
  [0, 200],
])('works that share of the time: %s', (share, restMs) => {
  expect(restAfter(40, share)).toBeCloseTo(restMs)
})
