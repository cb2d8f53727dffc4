import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'
import { inputMaker } from './input.ts'
import { keepInput } from './kept-input.ts'

const inputs = 5_000
const seed = 1

/** `node test/fuzz/fuzz-formats.ts` is the long form. */
it('every format gives an outcome for anything, soon, and the same again', { timeout: 300_000 }, async () => {
  const faults: string[] = []
  const keep = (why: string) => (input: Parameters<typeof keepInput>[0]) => keepInput(input, seed, why)
  const report = await fuzz({
    make: inputMaker(seed),
    inputs,
    onFault: (input, fault) => faults.push(`${fault}\nnode test/fuzz/fuzz-formats.ts ${keep(fault)(input)}`),
    onSlow: (input, cpuMs) => console.info(`${cpuMs} ms of CPU: node test/fuzz/fuzz-formats.ts ${keep('slow')(input)}`),
  })
  const { seconds, slowest, over1s, over5s, largestHeapRiseMb, formats } = report
  console.info(JSON.stringify({ inputs, seconds, slowest: slowest.slice(0, 3), over1s, largestHeapRiseMb }))
  expect(faults).toEqual([])
  expect(over5s).toBe(0)
  expect(largestHeapRiseMb).toBeLessThan(700)
  // Changes that leave nothing to read would prove nothing.
  for (const [name, { outcomes }] of Object.entries(formats)) expect(outcomes.item ?? 0, name).toBeGreaterThan(20)
})
