import { type Batch, type ConsumeOptions, EngineRefusal, OwnershipLost, TransientFault } from '@dateline/ports'
import { headId } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { committedOf, headOf, type Place, readRecords } from './read-records.ts'
import type { Slot } from './slots.ts'

/** One partition in the hands of one member. */
export interface Seat {
  readonly place: Place
  /** Hands out no further batch. */
  leave(): void
  /** Rouses the seat to look for records. */
  wake(): void
  /** Resolves when no batch is in work any more and none will come; rejects with a fault of the worker. */
  readonly ended: Promise<void>
  /** `performance.now()` of the last sign of progress of the batch in work; null when none is. */
  busySince(): number | null
}

/** How a seat reaches its group; without a group nothing is committed and nothing is lost. */
export interface SeatGroup {
  readonly name: string
  commit(place: Place, next: number): Promise<'committed' | 'lost'>
  isHeld(place: Place): boolean
}

export function takeSeat(
  store: Store,
  place: Place,
  options: ConsumeOptions,
  shared: { readonly slot: Slot; readonly group: SeatGroup | null },
): Seat {
  const { group, slot } = shared
  const limits = { maxRecords: options.maxRecords ?? 100, maxBytes: options.maxBytes ?? 1_048_576 }
  const name = `${place.topic}/${place.partition}`
  let isLeaving = false
  let busySince: number | null = null
  let rouse: (() => void) | null = null
  let isRoused = false

  const wake = () => {
    isRoused = true
    rouse?.()
  }
  const roused = () =>
    new Promise<void>((resolve) => {
      if (isRoused || isLeaving) resolve()
      else rouse = resolve
    }).then(() => {
      isRoused = false
      rouse = null
    })
  /** A pause that `leave` cuts short. */
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms)
      const undo = onLeave(done)
      function done() {
        clearTimeout(timer)
        undo()
        resolve()
      }
    })
  const leavers = new Set<() => void>()
  const onLeave = (call: () => void) => {
    leavers.add(call)
    return () => leavers.delete(call)
  }

  async function run(): Promise<void> {
    const stopListening = store.watch.onAppend(headId(place.topicId, place.partition), wake)
    try {
      let pauses = 0
      while (!isLeaving) {
        try {
          const position = await startPosition()
          if (position === null) return
          await handOut(position, () => {
            pauses = 0
          })
        } catch (error) {
          if (!(error instanceof OwnershipLost || error instanceof TransientFault)) throw error
          await pause(jittered(pauses++))
        }
      }
    } finally {
      stopListening()
    }
  }

  async function startPosition(): Promise<number | null> {
    const look = () =>
      store.read('log', (sql) => {
        const head = headOf(sql, place)
        return head && { ...head, committed: group === null ? null : committedOf(sql, group.name, place) }
      })
    const before = look()
    if (before === null) return null
    const { committed, low, high } = before
    const wanted =
      (await options.startAt?.({ topic: place.topic, partition: place.partition, committed, low, high })) ?? null
    const position = wanted ?? committed ?? low
    if (position > (look()?.high ?? position)) {
      throw new EngineRefusal(
        'log',
        `${name} ends at ${high}, but is to be read from ${position}: restore the data directory that belongs to this state`,
      )
    }
    return position
  }

  async function handOut(start: number, onProgress: () => void): Promise<void> {
    let position = start
    while (!isLeaving) {
      await slot.take()
      try {
        if (isLeaving) return
        const found = store.read('log', (sql) => readRecords(sql, place, position, limits))
        if (found === null) return leave()
        if (position < found.low) {
          options.onRetentionLoss?.({ topic: place.topic, partition: place.partition, from: position, to: found.low })
          position = found.low
        }
        if (found.records.length > 0) {
          await handle(found.records, found.next, found.high)
          onProgress()
        }
        position = found.next
        if (position < found.high) continue
      } finally {
        slot.giveBack()
      }
      await roused()
    }
  }

  async function handle(records: Batch['records'], next: number, highWatermark: number): Promise<void> {
    for (let pauses = 0; ; pauses++) {
      try {
        busySince = performance.now()
        await options.handle(batchOf(records, next, highWatermark))
        return
      } catch (error) {
        if (!(error instanceof TransientFault)) throw error
        // Its slot goes to another partition: one that waits for an engine holds nobody up.
        slot.giveBack()
        busySince = null
        await pause(jittered(pauses))
        await slot.take()
        if (isLeaving) return
        if (group !== null && !group.isHeld(place)) throw new OwnershipLost(`${name} is another member's now`)
      } finally {
        busySince = null
      }
    }
  }

  function batchOf(records: Batch['records'], next: number, highWatermark: number): Batch {
    return {
      topic: place.topic,
      partition: place.partition,
      records,
      next,
      highWatermark,
      fetchedAtMs: performance.now(),
      async commit(upTo) {
        if (group === null) return
        if (busySince !== null) busySince = performance.now()
        if ((await group.commit(place, upTo)) === 'lost') throw new OwnershipLost(`${name} is another member's now`)
      },
      async stillOwned() {
        if (busySince !== null) busySince = performance.now()
        return group === null || group.isHeld(place)
      },
    }
  }

  function leave(): void {
    isLeaving = true
    rouse?.()
    for (const call of [...leavers]) call()
  }

  return { place, leave, wake, ended: run(), busySince: () => busySince }
}

const jittered = (pauses: number): number => Math.min(2_000, 50 * 2 ** Math.min(pauses, 6)) * (0.5 + Math.random() / 2)
