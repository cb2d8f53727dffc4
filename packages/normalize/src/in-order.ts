import { type Outcome, reject, type Step } from '@dateline/story'

/** An outcome that knows which step gave it; a passed value needs no name. */
export type Labelled<T> =
  | Extract<Outcome<T>, { kind: 'pass' }>
  | (Exclude<Outcome<T>, { kind: 'pass' }> & { readonly step: string })

/** The steps one after the other, up to the first that does not pass. A step that throws is a bug: it rejects, with its stack. */
export function inOrder<A, B, C>(...steps: [Step<A, B>, Step<B, C>]): (input: A) => Labelled<C>
export function inOrder<A, B, C, D>(...steps: [Step<A, B>, Step<B, C>, Step<C, D>]): (input: A) => Labelled<D>
export function inOrder<A, B, C, D, E>(
  ...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>]
): (input: A) => Labelled<E>
export function inOrder<A, B, C, D, E, F>(
  ...steps: [Step<A, B>, Step<B, C>, Step<C, D>, Step<D, E>, Step<E, F>]
): (input: A) => Labelled<F>
export function inOrder(...steps: readonly unknown[]): (input: unknown) => Labelled<unknown> {
  const all = steps as readonly Step<unknown, unknown>[]
  return (input) => {
    let value = input
    for (const step of all) {
      const outcome = total(step, value)
      if (outcome.kind !== 'pass') return { ...outcome, step: step.name }
      value = outcome.value
    }
    return { kind: 'pass', value }
  }
}

const longestStack = 4_000

function total(step: Step<unknown, unknown>, value: unknown): Outcome<unknown> {
  try {
    return step(value)
  } catch (fault) {
    const detail = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
    return reject('bug', detail.slice(0, longestStack))
  }
}
