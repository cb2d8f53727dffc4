/** What binds after an item: its own word, else what bound before; undefined when nothing does. */
export function boundBy(own: string | undefined, known: string | undefined): string | undefined {
  const embargo = own ?? known
  return embargo === 'none' ? undefined : embargo
}

/** Whether an embargo holds at a time. What is no time holds: fail closed. */
export function holds(embargo: string | undefined, atMs: number): boolean {
  if (embargo === undefined) return false
  const untilMs = Date.parse(embargo)
  return Number.isNaN(untilMs) || untilMs > atMs
}
