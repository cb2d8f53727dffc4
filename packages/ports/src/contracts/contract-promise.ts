import { describe, test } from 'vitest'

/** One promise of a port: the name a reader sees, and a check that rejects when the adapter breaks it. */
export interface ContractPromise<Subject> {
  readonly promise: string
  readonly check: (subject: Subject) => Promise<void>
}

/** Declares one named test per promise. */
export function declareContract<Subject>(
  name: string,
  promises: readonly ContractPromise<Subject>[],
  subject: Subject,
): void {
  describe(name, () => {
    for (const { promise, check } of promises) test(promise, { timeout: 120_000 }, () => check(subject))
  })
}
