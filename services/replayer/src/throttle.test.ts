import { expect, it } from 'vitest'
import { createThrottle } from './throttle.ts'

const signal = new AbortController().signal

it('lets so many a second go and no more', async () => {
  let nowMs = 0
  const throttle = createThrottle(100, {
    clock: () => nowMs,
    wait: async (ms) => {
      nowMs += ms
    },
  })
  let gone = 0
  while (nowMs < 10_000) {
    await throttle.take(5, signal)
    gone += 5
  }
  expect(gone / 10).toBeGreaterThan(90)
  expect(gone / 10).toBeLessThan(110)
})

it('lets something larger than a second go, and waits for it afterwards', async () => {
  let nowMs = 0
  const throttle = createThrottle(1_000, {
    clock: () => nowMs,
    wait: async (ms) => {
      nowMs += ms
    },
  })
  await throttle.take(5_000, signal)
  const before = nowMs
  await throttle.take(1, signal)
  expect(nowMs - before).toBeGreaterThan(4_500)
})

it('ends at once when it is stopped', async () => {
  const stopping = new AbortController()
  const throttle = createThrottle(0.001)
  stopping.abort()
  expect(await throttle.take(1, stopping.signal)).toBe(false)
})
