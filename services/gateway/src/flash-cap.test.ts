import { expect, it } from 'vitest'
import { createFlashCap } from './flash-cap.ts'

it('lets so many a minute of each feed onto the flash lane', () => {
  let nowMs = 0
  const mayFlash = createFlashCap(() => nowMs)
  const ask = (feed: string, times: number): boolean[] => Array.from({ length: times }, () => mayFlash(feed, 2))
  expect(ask('anp', 3)).toEqual([true, true, false])
  expect(ask('dpa', 1)).toEqual([true])
  nowMs = 59_999
  expect(ask('anp', 1)).toEqual([false])
  nowMs = 60_000
  expect(ask('anp', 3)).toEqual([true, true, false])
  expect(mayFlash('none', 0)).toBe(false)
})
