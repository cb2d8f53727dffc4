import { formats } from '@dateline/formats'
import { expect, it } from 'vitest'
import { families } from '../support/families.ts'
import { drain } from './drain.ts'
import { flash } from './flash.ts'
import { benchFormats } from './formats.ts'
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

it('the formats are measured beside bare parsers', { timeout: 60_000 }, () => {
  const reports = [...benchFormats(0.01)]
  expect(reports.map(({ format }) => format)).toEqual([...formats.map(({ name }) => name), 'gzip, of all formats'])
  for (const { format, ...figures } of reports)
    for (const figure of Object.values(figures))
      if (figure !== figures.bareParser) expect(figure, format).toBeGreaterThan(0)
})
