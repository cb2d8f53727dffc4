import { EngineRefusal, type EventLog, type Header, TransientFault } from '@dateline/ports'
import { type Feed, flashTopic, logIdOf, wireTopic } from '@dateline/runtime'
import { formatPosition } from '@dateline/story'
import { createFlashCap } from './flash-cap.ts'
import { looksFlash, visibleId } from './wire-scan.ts'

export interface Arrival {
  readonly bytes: Uint8Array
  readonly door: 'push' | 'folder'
  readonly sender?: string
  readonly contentType?: string
  readonly reference?: string
  readonly name?: string
  readonly traceparent?: string
  readonly wantsFlash?: boolean
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly position: string; readonly lane: 'flash' | 'live' }
  | { readonly kind: 'too-large'; readonly limitBytes: number }

export type Acceptor = (feed: Feed, arrival: Arrival) => Promise<Accepted>

/**
 * Puts a message on its feed's wire, on the lane it belongs to. Resolves after the log acknowledged, never before. Throws TransientFault
 * when the log is away, or when too many bytes wait for it already; EngineRefusal when the feed's topic is gone.
 */
export function createAcceptor(log: EventLog, options: { readonly mostWaitingBytes?: number } = {}): Acceptor {
  const mostWaitingBytes = options.mostWaitingBytes ?? 134_217_728
  const mayFlash = createFlashCap()
  const logIds = new Map<string, { readonly id: string; readonly untilMs: number }>()
  let waitingBytes = 0
  return async function accept(feed, arrival) {
    const { bytes } = arrival
    if (waitingBytes > 0 && waitingBytes + bytes.byteLength > mostWaitingBytes)
      throw new TransientFault('log', 'Too many messages wait for the log')
    const isFlash = (arrival.wantsFlash === true || looksFlash(bytes)) && mayFlash(feed.name, feed.flashPerMinute)
    const topic = isFlash ? flashTopic(feed.name) : wireTopic(feed.name)
    const key = visibleId(bytes) ?? feed.name
    waitingBytes += bytes.byteLength
    try {
      // Asked before the append: nothing may fail between the acknowledgement and the answer.
      const logId = await idOf(topic)
      const [outcome] = await log.append([{ topic, key, value: bytes, headers: headersOf(arrival) }])
      if (outcome === undefined) throw new Error('The log gave no outcome for an append')
      if (outcome.kind === 'too-large') return { kind: 'too-large', limitBytes: outcome.limitBytes }
      const { partition, offset } = outcome
      return {
        kind: 'accepted',
        lane: isFlash ? 'flash' : 'live',
        position: formatPosition({ topic, logId, partition, offset }),
      }
    } catch (error) {
      if (error instanceof EngineRefusal) logIds.delete(topic)
      throw error
    } finally {
      waitingBytes -= bytes.byteLength
    }
  }

  async function idOf(topic: string): Promise<string> {
    const known = logIds.get(topic)
    if (known !== undefined && known.untilMs > performance.now()) return known.id
    const id = await logIdOf(log, topic)
    // Asked again now and then: a topic made anew has another id.
    logIds.set(topic, { id, untilMs: performance.now() + 30_000 })
    return id
  }
}

function headersOf(arrival: Arrival): Header[] {
  const headers: [string, string | undefined][] = [
    ['content-type', arrival.contentType?.slice(0, 200)],
    ['dateline-door', arrival.door],
    ['dateline-sender', arrival.sender],
    ['dateline-reference', arrival.reference?.slice(0, 200)],
    ['dateline-name', arrival.name?.slice(0, 300)],
    ['dateline-arrived', new Date().toISOString()],
    ['traceparent', arrival.traceparent?.slice(0, 60)],
  ]
  return headers.filter((header): header is [string, string] => header[1] !== undefined)
}
