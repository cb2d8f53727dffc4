/** Numbers that are the same for the same seed. */
export interface Random {
  /** A whole number from 0, below this. */
  below(limit: number): number
  /** True once in so many. */
  oneIn(count: number): boolean
  pick<const T extends readonly [unknown, ...unknown[]]>(values: T): T[number]
  pickFrom<T>(values: readonly T[]): T | undefined
}

/** By mulberry32. Each input of a run has a number of its own, so that one can be made without those before it. */
export function randomFrom(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)) >>> 0
  function below(limit: number): number {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    oneIn: (count) => below(count) === 0,
    pick: (values) => values[below(values.length)] ?? values[0],
    pickFrom: (values) => values[below(values.length)],
  }
}
