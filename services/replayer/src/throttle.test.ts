import { expect, it } from 'vitest'
import { createThrottle } from './throttle.ts'

const signal = new AbortController().signal

it.each([
  [1, 100],
  [0.5, 50],
])('lets so many a second go and no more, at %s of full speed', async (factor, expected) => {
  let nowMs = 0
  const throttle = createThrottle(100, {
    clock: () => nowMs,
    wait: async (ms) => {
      nowMs += ms
    },
  })
  let gone = 0
  while (nowMs < 10_000) {
    await throttle.take(5, factor, signal)
    gone += 5
  }
  expect(gone / 10).toBeGreaterThan(expected * 0.9)
  expect(gone / 10).toBeLessThan(expected * 1.1)
})

it('lets something larger than a second go, and waits for it afterwards', async () => {
  let nowMs = 0
  const throttle = createThrottle(1_000, {
    clock: () => nowMs,
    wait: async (ms) => {
      nowMs += ms
    },
  })
  await throttle.take(5_000, 1, signal)
  const before = nowMs
  await throttle.take(1, 1, signal)
  expect(nowMs - before).toBeGreaterThan(4_500)
})

it('ends at once when it is stopped', async () => {
  const stopping = new AbortController()
  const throttle = createThrottle(0.001)
  stopping.abort()
  expect(await throttle.take(1, 1, stopping.signal)).toBe(false)
})
