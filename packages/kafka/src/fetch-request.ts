import type { LogRecord } from '@dateline/ports'
import type { KafkajsRequest } from 'kafkajs/src/network/connectionPool.js'
import protocol from 'kafkajs/src/protocol/requests/index.js'
import { int16, int32, int64, readerOf, text } from './byte-reader.ts'
import { CODE } from './faults.ts'
import { type AbortedTransaction, readBatches } from './read-batches.ts'

export interface FetchPart {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly maxBytes: number
}

export interface FetchResult {
  readonly topic: string
  readonly partition: number
  readonly code: number
  readonly highWatermark: number
  readonly records: readonly LogRecord[]
  /** Where the next fetch goes on; null when nothing whole came. */
  readonly next: number | null
}

const fetch = protocol.requests.Fetch.protocol({ version: 11 })
const READ_COMMITTED = 1

/**
 * Fetch version 11. The broker answers as soon as there is a record, else after `maxWaitMs`. The answer has a result per partition,
 * errors included; kafkajs' own reading fails as a whole, and builds objects for its headers one by one.
 */
export function fetchRequest(
  parts: readonly FetchPart[],
  limits: { readonly maxWaitMs: number; readonly maxBytes: number },
): KafkajsRequest<readonly FetchResult[]> {
  const { request, requestTimeout } = fetch({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: limits.maxWaitMs,
    minBytes: 1,
    maxBytes: limits.maxBytes,
    topics: parts.map(({ topic, partition, from, maxBytes }) => ({
      topic,
      partitions: [{ partition, fetchOffset: from, maxBytes }],
    })),
    rackId: '',
  })
  const starts = new Map(parts.map((part) => [`${part.topic}/${part.partition}`, part.from]))
  return {
    request,
    response: {
      decode: (raw) => decoded(raw, starts),
      parse: ({ results }: { results: readonly FetchResult[] }) => results,
    },
    ...(requestTimeout === undefined ? {} : { requestTimeout }),
  }
}

function decoded(
  raw: Buffer,
  starts: ReadonlyMap<string, number>,
): { results: readonly FetchResult[]; clientSideThrottleTime: number } {
  const from = readerOf(raw)
  const clientSideThrottleTime = int32(from)
  // Error and session of a fetch session, which is not used.
  from.at += 6
  const results: FetchResult[] = []
  for (let topics = int32(from); topics > 0; topics--) {
    const topic = text(from)
    for (let partitions = int32(from); partitions > 0; partitions--) {
      const partition = int32(from)
      const code = int16(from)
      const highWatermark = int64(from)
      // Last stable offset and log start.
      from.at += 16
      const aborted: AbortedTransaction[] = []
      for (let left = int32(from); left > 0; left--) {
        from.at += 16
        aborted.push({
          producerId: raw.readBigInt64BE(from.at - 16),
          firstOffset: Number(raw.readBigInt64BE(from.at - 8)),
        })
      }
      // Preferred read replica: the leader is asked always.
      from.at += 4
      const length = Math.max(0, int32(from))
      const bytes = raw.subarray(from.at, from.at + length)
      from.at += length
      const start = starts.get(`${topic}/${partition}`) ?? 0
      const read = code === CODE.none ? readBatches(topic, partition, bytes, { from: start, aborted }) : NOTHING
      results.push({ topic, partition, code, highWatermark, ...read })
    }
  }
  return { results, clientSideThrottleTime }
}

const NOTHING = { records: [], next: null }
