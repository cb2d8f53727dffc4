import { setTimeout as sleep } from 'node:timers/promises'
import { type ConsumeOptions, type Consumption, EngineRefusal, TransientFault } from '@dateline/ports'
import type { Store } from '../store/store.ts'
import { groupMember, type Membership } from './group-member.ts'
import type { Place } from './read-records.ts'
import { type Seat, takeSeat } from './seat.ts'
import { slotsOf } from './slots.ts'

const stopWithinMs = 10_000
const defaultSessionMs = 30_000

/** Takes part in a group, or reads all for itself: one seat for each partition held. */
export async function consume(store: Store, options: ConsumeOptions): Promise<Consumption> {
  const missing = options.topics.filter((topic) => placesOf(store, [topic]).length === 0)
  if (missing.length > 0) {
    throw new EngineRefusal('log', `There is no topic ${missing.join(', ')}: create it first (dateline topics apply)`)
  }
  const sessionTimeoutMs = options.sessionTimeoutMs ?? defaultSessionMs
  const { group, topics } = options
  const member = group === null ? null : groupMember(store, { group, topics, sessionTimeoutMs })
  const newSlot = slotsOf(options.concurrency ?? 3)
  const seats = new Map<string, Seat>()
  const toRelease = new Set<string>()
  let released: Place[] = []
  let settling: Promise<void> | null = null
  let isUnsettled = false
  let isEnding = false
  const ended = Promise.withResolvers<void>()

  /** Brings the seats in line with what the group says, once more when something happened meanwhile. */
  function settle(): Promise<void> {
    isUnsettled = true
    settling ??= (async () => {
      try {
        while (isUnsettled && !isEnding) {
          isUnsettled = false
          await settleOnce()
        }
      } finally {
        settling = null
      }
    })()
    return settling
  }

  async function settleOnce(): Promise<void> {
    const giving = released
    released = []
    let now: Membership | null
    try {
      now =
        member === null
          ? allPlaces()
          : await member.settle({ isAlive: !isStuck(), mayJoin: seats.size === 0, released: giving })
    } catch (error) {
      released.push(...giving)
      throw error
    }
    if (isEnding) return
    const held = new Set(now?.held.map(keyOf))
    toRelease.clear()
    for (const place of now?.toRelease ?? []) {
      held.delete(keyOf(place))
      toRelease.add(keyOf(place))
      if (!seats.has(keyOf(place))) release(place)
    }
    for (const [key, seat] of seats) if (!held.has(key)) seat.leave()
    for (const place of now?.held ?? []) if (held.has(keyOf(place)) && !seats.has(keyOf(place))) sit(place, now)
  }

  function release(place: Place): void {
    released.push(place)
    isUnsettled = true
  }

  function sit(place: Place, membership: Membership | null): void {
    const key = keyOf(place)
    const seat = takeSeat(store, place, options, {
      slot: newSlot(),
      group: member === null ? null : (membership?.group ?? null),
    })
    seats.set(key, seat)
    seat.ended.then(
      () => {
        seats.delete(key)
        if (isEnding) return
        if (toRelease.has(key)) release(place)
        settleInBackground()
      },
      (error: unknown) => {
        seats.delete(key)
        void end(stopWithinMs, error)
      },
    )
  }

  const allPlaces = (): Membership => ({ held: placesOf(store, topics), toRelease: [], group: nobody })

  /** A batch takes longer than the session allows and its worker gives no sign: others may have the partitions. */
  const isStuck = () =>
    [...seats.values()].some((seat) => performance.now() - (seat.busySince() ?? Infinity) > sessionTimeoutMs)

  function settleInBackground(): void {
    settle().catch((error: unknown) => {
      // The next tick tries again; whoever lost its lease meanwhile cannot commit.
      if (!(error instanceof TransientFault)) void end(stopWithinMs, error)
    })
  }

  let ending: Promise<void> | null = null
  function end(deadlineMs: number, fault?: unknown): Promise<void> {
    ending ??= (async () => {
      isEnding = true
      clearInterval(tick)
      stopListening()
      for (const seat of seats.values()) seat.leave()
      const over = Promise.allSettled([...[...seats.values()].map((seat) => seat.ended), settling])
      const deadline = new AbortController()
      await Promise.race([over, sleep(deadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined)])
      deadline.abort()
      await member?.leave().catch((error: unknown) => {
        fault ??= error
      })
      seats.clear()
      if (fault === undefined) ended.resolve()
      else ended.reject(fault)
    })()
    return ending
  }

  const stopListening = store.watch.onMembership(settleInBackground)
  const tick = setInterval(settleInBackground, member === null ? 1_000 : Math.min(1_000, sessionTimeoutMs / 4))
  try {
    await settle()
  } catch (error) {
    await end(0)
    throw error
  }
  return {
    ended: ended.promise,
    assigned: () =>
      isEnding ? [] : [...seats.values()].map(({ place: { topic, partition } }) => ({ topic, partition })),
    isReady: () => !isEnding,
    stop: (deadlineMs = stopWithinMs) => end(deadlineMs),
  }
}

const nobody: Membership['group'] = { name: '', commit: async () => 'committed', isHeld: () => true }

const keyOf = ({ topicId, partition }: Place): string => `${topicId}/${partition}`

function placesOf(store: Store, topics: readonly string[]): Place[] {
  return store.read('log', (sql) =>
    topics.flatMap((topic) => {
      const row = sql('SELECT id, partitions FROM topics WHERE name = ?').get(topic)
      return Array.from({ length: Number(row?.partitions ?? 0) }, (_, partition) => ({
        topic,
        topicId: Number(row?.id),
        partition,
      }))
    }),
  )
}
