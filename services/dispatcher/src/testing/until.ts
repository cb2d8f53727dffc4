import { setTimeout as pause } from 'node:timers/promises'

/** Resolves once the condition holds; rejects, naming what was awaited, after `limitMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 18_000,
): Promise<void> {
  const giveUpAt = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain until ${what}`)
    await pause(10)
  }
}
