/** Lets so many messages a minute onto the flash lane of a feed; the rest go live. The clock is milliseconds. */
export function createFlashCap(
  clock: () => number = () => performance.now(),
): (feed: string, perMinute: number) => boolean {
  const windows = new Map<string, { minute: number; taken: number }>()
  return (feed, perMinute) => {
    const minute = Math.floor(clock() / 60_000)
    const window = windows.get(feed)
    const taken = window?.minute === minute ? window.taken : 0
    if (taken >= perMinute) return false
    windows.set(feed, { minute, taken: taken + 1 })
    return true
  }
}
