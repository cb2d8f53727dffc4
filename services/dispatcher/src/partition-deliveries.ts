/** Which deliveries of one partition of `stories` are under way, how far all is done, and what is the newest due per subscription and story. */
export interface PartitionDeliveries {
  /** An event at an offset is due to these subscriptions. */
  due(offset: number, storyKey: string, storySeq: number, subscriptions: readonly string[]): void
  /** A delivery came to its end, whichever. */
  done(offset: number, subscription: string): void
  /** True while no newer event of the story is due to the subscription. */
  isNewest(subscription: string, storyKey: string, storySeq: number): boolean
  /** Everything below is delivered, given up or nobody's. */
  doneBelow(): number
  /** Everything below was looked at. */
  passed(next: number): void
  readonly underWay: number
}

export function createPartitionDeliveries(start: number): PartitionDeliveries {
  const open = new Map<number, Set<string>>()
  const newest = new Map<string, number>()
  let next = start
  let underWay = 0
  return {
    due(offset, storyKey, storySeq, subscriptions) {
      if (subscriptions.length === 0 || open.has(offset)) return
      open.set(offset, new Set(subscriptions))
      underWay += subscriptions.length
      for (const subscription of subscriptions) {
        const key = `${subscription}\n${storyKey}`
        newest.set(key, Math.max(newest.get(key) ?? 0, storySeq))
      }
    },
    done(offset, subscription) {
      const left = open.get(offset)
      if (left === undefined || !left.delete(subscription)) return
      underWay -= 1
      if (left.size === 0) open.delete(offset)
      // Nothing is under way: no attempt can ask any more which is the newest, and what comes later brings its own.
      if (underWay === 0) newest.clear()
    },
    isNewest: (subscription, storyKey, storySeq) => (newest.get(`${subscription}\n${storyKey}`) ?? 0) <= storySeq,
    // Offsets are entered in ascending order, so the first key is the lowest.
    doneBelow: () => open.keys().next().value ?? next,
    passed(offset) {
      next = Math.max(next, offset)
    },
    get underWay() {
      return underWay
    },
  }
}
