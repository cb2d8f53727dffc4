import type { AppendOutcome } from '@dateline/ports'
import type { Append } from './append-lane.ts'

/**
 * Gathers what becomes of the records of one append. Waits for all of them also when one failed: the caller's repeat must not overtake
 * what is still on its way.
 */
export function collectOutcomes(
  count: number,
  onDone: () => void,
): { readonly append: Append; readonly outcomes: Promise<readonly AppendOutcome[]> } {
  const { promise, resolve, reject } = Promise.withResolvers<readonly AppendOutcome[]>()
  const outcomes = new Array<AppendOutcome>(count)
  let left = count
  let failure: { readonly error: unknown } | null = null
  const append: Append = {
    settled(at, outcome) {
      outcomes[at] = outcome
      done()
    },
    failed(error) {
      failure ??= { error }
      done()
    },
  }
  return { append, outcomes: promise }

  function done(): void {
    left -= 1
    if (left > 0) return
    onDone()
    if (failure) reject(failure.error)
    else resolve(outcomes)
  }
}
