/** An event that a subscription is to get. */
export interface Due {
  readonly offset: number
  /** When it was published, milliseconds since 1970. */
  readonly timeMs: number
  readonly eventId: string
  readonly storyKey: string
  readonly storySeq: number
  readonly subscription: string
}

/** Which deliveries of one partition of `stories` are under way, and how far all is done. */
export interface PartitionDeliveries {
  /** Enters a delivery; false when the same event, or a newer one of the story, is under way already. */
  due(due: Due): boolean
  /** All of a story up to this sequence came to its end, whichever. */
  over(subscription: string, storyKey: string, storySeq: number): void
  /** True while no newer event of the story is under way to the subscription. */
  isNewest(subscription: string, storyKey: string, storySeq: number): boolean
  open(): readonly Due[]
  openOf(subscription: string): number
  /** The subscription has too many under way: its events from this offset on are entered later, read from the log again. */
  park(subscription: string, offset: number): void
  parkedAt(subscription: string): number | undefined
  parked(): readonly string[]
  unpark(subscription: string): void
  /** Everything below was looked at. */
  passed(next: number): void
  readonly next: number
  /** Everything below is delivered, given up or nobody's. */
  doneBelow(): number
}

export function createPartitionDeliveries(start: number): PartitionDeliveries {
  // A newer event comes behind the older ones of its story, so the last of a lane is the newest.
  const lanes = new Map<string, Due[]>()
  const counts = new Map<string, number>()
  const parkedAt = new Map<string, number>()
  let next = start
  const newestOf = (subscription: string, storyKey: string): number =>
    lanes.get(laneOf(subscription, storyKey))?.at(-1)?.storySeq ?? 0
  return {
    due(due) {
      const { subscription, storyKey, storySeq } = due
      if (newestOf(subscription, storyKey) >= storySeq) return false
      const lane = laneOf(subscription, storyKey)
      lanes.set(lane, [...(lanes.get(lane) ?? []), due])
      counts.set(subscription, (counts.get(subscription) ?? 0) + 1)
      return true
    },
    over(subscription, storyKey, storySeq) {
      const lane = laneOf(subscription, storyKey)
      const before = lanes.get(lane) ?? []
      const left = before.filter((due) => due.storySeq > storySeq)
      counts.set(subscription, (counts.get(subscription) ?? 0) - (before.length - left.length))
      if (left.length > 0) lanes.set(lane, left)
      else lanes.delete(lane)
    },
    isNewest: (subscription, storyKey, storySeq) => newestOf(subscription, storyKey) <= storySeq,
    open: () => [...lanes.values()].flat(),
    openOf: (subscription) => counts.get(subscription) ?? 0,
    park(subscription, offset) {
      parkedAt.set(subscription, offset)
    },
    parkedAt: (subscription) => parkedAt.get(subscription),
    parked: () => [...parkedAt.keys()],
    unpark: (subscription) => void parkedAt.delete(subscription),
    passed(offset) {
      next = Math.max(next, offset)
    },
    get next() {
      return next
    },
    doneBelow() {
      let lowest = next
      for (const offset of parkedAt.values()) lowest = Math.min(lowest, offset)
      for (const dues of lanes.values()) for (const { offset } of dues) lowest = Math.min(lowest, offset)
      return lowest
    },
  }
}

const laneOf = (subscription: string, storyKey: string): string => `${subscription}\n${storyKey}`
