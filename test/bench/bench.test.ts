import { expect, it } from 'vitest'
import { families } from '../support/families.ts'
import { drain } from './drain.ts'
import { flash } from './flash.ts'
import { latency } from './latency.ts'

const [embedded] = families

it('the benchmarks run, and measure what they say (a smoke; nothing here is a time that must hold)', {
  timeout: 120_000,
}, async () => {
  if (embedded === undefined) throw new Error('no embedded engines')
  const drained = await drain(embedded, 'newsml-g2', 300)
  expect(drained.messages).toBeGreaterThan(0)
  expect(drained.cpuMicrosecondsPerMessage).toBeGreaterThan(0)
  const late = await latency(embedded, 'ninjs', { rate: 50, seconds: 2 })
  expect(late.received).toBe(100)
  const flashes = await flash(embedded, 'ninjs', 300)
  console.log(JSON.stringify({ drained, late, flashes }))
})
