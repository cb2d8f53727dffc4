import type { KafkajsRequest } from 'kafkajs/src/network/connectionPool.js'
import { int16, int32, int64, readerOf, text } from './byte-reader.ts'
import { batchBytes, type ProducerIdentity, type SizedRecord, writeBatch } from './record-batch.ts'

export interface ProducePart {
  readonly topic: string
  readonly partition: number
  readonly records: readonly SizedRecord[]
  readonly identity: ProducerIdentity
  readonly sequence: number
}

export interface ProduceResult {
  readonly topic: string
  readonly partition: number
  readonly code: number
  readonly baseOffset: number
}

const ALL_IN_SYNC_REPLICAS = -1

/**
 * Produce version 7: one batch for each of some partitions of one broker, written in one pass into one buffer. (kafkajs' own encoder
 * copies each byte about eight times and computes the checksum byte by byte.) The answer has a result per partition, errors included.
 */
export function produceRequest(
  parts: readonly ProducePart[],
  timeoutMs: number,
): KafkajsRequest<readonly ProduceResult[]> {
  return {
    request: { apiKey: 0, apiVersion: 7, apiName: 'Produce', encode: () => encoded(parts, timeoutMs) },
    response: { decode: decoded, parse: ({ results }: { results: readonly ProduceResult[] }) => results },
    requestTimeout: timeoutMs + 1_000,
  }
}

/** What kafkajs takes for an encoder: a buffer, twice. */
function encoded(parts: readonly ProducePart[], timeoutMs: number): { readonly buf: Buffer; readonly buffer: Buffer } {
  const topics = Map.groupBy(parts, (part) => part.topic)
  const sizes = new Map(parts.map((part) => [part, batchBytes(part.records)]))
  let bytes = 2 + 2 + 4 + 4
  for (const topic of topics.keys()) bytes += 2 + Buffer.byteLength(topic) + 4
  for (const size of sizes.values()) bytes += 4 + 4 + size
  const out = Buffer.allocUnsafe(bytes)
  const nowMs = Date.now()

  let at = out.writeInt16BE(-1, 0)
  at = out.writeInt16BE(ALL_IN_SYNC_REPLICAS, at)
  at = out.writeInt32BE(timeoutMs, at)
  at = out.writeInt32BE(topics.size, at)
  for (const [topic, partitions] of topics) {
    at = out.writeInt16BE(Buffer.byteLength(topic), at)
    at += out.write(topic, at)
    at = out.writeInt32BE(partitions.length, at)
    for (const part of partitions) {
      at = out.writeInt32BE(part.partition, at)
      at = out.writeInt32BE(sizes.get(part) ?? 0, at)
      at = writeBatch(out, at, part.records, { ...part.identity, sequence: part.sequence, nowMs })
    }
  }
  return { buf: out, buffer: out }
}

function decoded(raw: Buffer): { results: readonly ProduceResult[]; clientSideThrottleTime: number } {
  const from = readerOf(raw)
  const results: ProduceResult[] = []
  for (let topics = int32(from); topics > 0; topics--) {
    const topic = text(from)
    for (let partitions = int32(from); partitions > 0; partitions--) {
      results.push({ topic, partition: int32(from), code: int16(from), baseOffset: int64(from) })
      // Append time and log start.
      from.at += 16
    }
  }
  return { results, clientSideThrottleTime: int32(from) }
}
