const longestSeconds = 60

/** Milliseconds of `Prefer: wait=5` (RFC 7240), at most a minute; 0 without it. */
export function preferredWaitMs(prefer: string | string[] | undefined): number {
  const found = /\bwait=(\d{1,6})\b/.exec(String(prefer ?? ''))
  return found === null ? 0 : Math.min(Number(found[1]), longestSeconds) * 1_000
}
