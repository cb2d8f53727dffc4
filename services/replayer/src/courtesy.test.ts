import { expect, it } from 'vitest'
import { createCourtesy } from './courtesy.ts'

/** A replay beside live of which each story takes some milliseconds, more of them the more the replay works. */
async function runBeside(
  takes: (share: number) => number | null,
  { seconds, trouble }: { readonly seconds: number; readonly trouble?: number },
) {
  let nowMs = 1_000_000
  let share = 0
  const stories: { readonly atMs: number; readonly takenMs: number }[] = []
  const courtesy = createCourtesy(
    async (sinceMs) => stories.filter(({ atMs }) => atMs >= sinceMs).map(({ takenMs }) => takenMs),
    { clock: () => nowMs },
  )
  const shares: number[] = []
  const endMs = nowMs + seconds * 1_000
  for (; nowMs < endMs; nowMs += 50) {
    const takenMs = takes(share)
    if (takenMs !== null) stories.push({ atMs: nowMs, takenMs })
    if (nowMs < 1_000_500) continue
    if (trouble !== undefined && nowMs === 1_000_000 + trouble * 1_000) courtesy.beginAnew()
    share = await courtesy.share()
    shares.push(share)
  }
  const worked = shares.filter((one) => one > 0)
  return { shares, worked, rested: 1 - worked.length / shares.length, last: worked.at(-1) ?? 0 }
}

it('works all of the time, and never rests, where no live stories come', async () => {
  const { shares } = await runBeside(() => null, { seconds: 60 })
  expect(new Set(shares)).toEqual(new Set([1]))
})

it('begins with a tenth beside live, and comes to all of the time where live takes no notice', async () => {
  const { worked, last, rested } = await runBeside(() => 20, { seconds: 180 })
  expect(worked[0]).toBe(0.1)
  expect(last).toBe(1)
  expect(rested).toBeLessThan(0.25)
})

it('finds how much live can bear', async () => {
  // A tenth more and two milliseconds is what half of the time costs.
  const { worked } = await runBeside((share) => 20 + 8 * share, { seconds: 600 })
  const later = worked.slice(worked.length / 2)
  expect(Math.max(...later)).toBeLessThan(0.6)
  expect(later.reduce((sum, one) => sum + one, 0) / later.length).toBeGreaterThan(0.35)
})

it('comes down quickly when live takes much longer beside it', async () => {
  let at = 0
  const { last } = await runBeside((share) => (at++ > 3_600 ? 20 + 400 * share : 20), { seconds: 200 })
  expect(last).toBeLessThan(0.1)
})

it('still works a little where live takes notice of the least', async () => {
  const { last } = await runBeside((share) => (share > 0 ? 100 : 20), { seconds: 120 })
  expect(last).toBe(0.02)
})

it('begins anew after live was in trouble, and measures by nothing that live took in it', async () => {
  let at = 0
  // A second of trouble before the minute; afterwards live takes 20 ms alone, and 60 beside any replay.
  const takes = (share: number) => {
    at += 1
    if (at >= 1_180 && at < 1_200) return 900
    return at < 1_180 || share === 0 ? 20 : 60
  }
  const { worked, shares } = await runBeside(takes, { seconds: 75, trouble: 60 })
  expect(Math.max(...worked)).toBeGreaterThan(0.5)
  const after = shares.slice(1_190)
  expect(after[0]).toBe(0)
  expect(after.find((share) => share > 0)).toBe(0.1)
  expect(after.at(-1)).toBeLessThan(0.1)
})

it('does not judge by what it has nothing to compare with', async () => {
  let at = 0
  // A story every two seconds or so, never in a rest.
  const { worked } = await runBeside((share) => (share > 0 && at++ % 40 === 0 ? 50 : null), { seconds: 60 })
  expect(new Set(worked)).toEqual(new Set([1]))
})
