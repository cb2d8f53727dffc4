/** In milliseconds, to a tenth; NaN where nothing was measured. */
export interface Percentiles {
  readonly received: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export function percentiles(taken: readonly number[]): Percentiles {
  const sorted = taken.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
  return { received: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
