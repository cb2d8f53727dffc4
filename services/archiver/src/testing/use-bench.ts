import { afterEach } from 'vitest'
import { type Bench, type BenchOptions, openBench } from './bench.ts'

/** A bench per test, closed behind it. */
export function useBench(): (options?: BenchOptions) => Promise<Bench> {
  let bench: Bench | null = null
  afterEach(async () => {
    await bench?.close()
    bench = null
  })
  return async (options = {}) => {
    bench = await openBench(options)
    return bench
  }
}
