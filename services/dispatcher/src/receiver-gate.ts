import type { DeliveryResult } from './webhook.ts'

/** How many deliveries one receiver has in hand, so that one that hangs takes no turn from the others. */
export interface ReceiverGate {
  /** null: go on, and `leave` afterwards. Else the milliseconds after which to ask again. */
  enter(subscription: string): number | null
  /** True when the receiver answers again after an outage. */
  leave(subscription: string, result: DeliveryResult | null): boolean
}

interface Receiver {
  inHand: number
  /** In a row, and when the first of them was. */
  failures: number
  failingSinceMs: number
  pausedUntilMs: number
}

const mostInHand = 8
/** While it fails one probe at a time is enough. */
const mostWhenFailing = 1
/** A failure between two successes may be the story's, not the receiver's. */
const fewestFailures = 3
const outageMs = 30_000

/** The clock is monotonic milliseconds. */
export function createReceiverGate(clock: () => number = () => performance.now()): ReceiverGate {
  const receivers = new Map<string, Receiver>()
  return {
    enter(subscription) {
      const receiver = receiverOf(subscription)
      const pausedMs = receiver.pausedUntilMs - clock()
      if (pausedMs > 0) return jittered(pausedMs)
      const isFailing = receiver.failures >= fewestFailures
      if (receiver.inHand >= (isFailing ? mostWhenFailing : mostInHand)) return jittered(isFailing ? 2_000 : 200)
      receiver.inHand += 1
      return null
    },
    leave(subscription, result) {
      const receiver = receiverOf(subscription)
      receiver.inHand -= 1
      if (result?.kind === 'busy') receiver.pausedUntilMs = clock() + result.retryAfterMs
      if (result?.kind === 'unreachable') {
        if (receiver.failures === 0) receiver.failingSinceMs = clock()
        receiver.failures += 1
      }
      if (result?.kind !== 'delivered') return false
      const { failures, failingSinceMs } = receiver
      receiver.failures = 0
      return failures >= fewestFailures && clock() - failingSinceMs >= outageMs
    },
  }

  function receiverOf(subscription: string): Receiver {
    const known = receivers.get(subscription)
    if (known !== undefined) return known
    const receiver = { inHand: 0, failures: 0, failingSinceMs: 0, pausedUntilMs: 0 }
    receivers.set(subscription, receiver)
    return receiver
  }
}

const jittered = (ms: number): number => Math.ceil(ms * (1 + Math.random() / 2))
