const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a duration as configuration writes it: 500ms, 30s, 15m, 3h, 7d. Throws on anything else: it was validated before. */
export function durationMs(text: string): number {
  const found = /^(\d+)(ms|s|m|h|d)$/.exec(text)
  if (!found) throw new Error(`"${text}" is not a duration such as 30s, 15m, 3h or 7d`)
  return Number(found[1]) * units[found[2] as keyof typeof units]
}
