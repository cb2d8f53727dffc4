import type { LogRecord } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { CODE, isPassing, passing, refusal } from './faults.ts'
import { type FetchResult, fetchRequest } from './fetch-request.ts'
import { boundsOf, nameOf, patiently } from './offsets.ts'

export interface ReadLimits {
  readonly maxRecords: number
  /** Of values; 1 MiB unless said. One larger record comes alone. */
  readonly maxBytes?: number
}

/** A few records come in one small answer; a broker sends whole batches anyway. */
const BYTES_PER_RECORD_GUESS = 16_384
const LEAST_FETCH_BYTES = 65_536

/** Records from a position on, straight from the partition's leader: no group, no waiting for what is not there yet. */
export async function readRecords(
  cluster: Cluster,
  topic: string,
  partition: number,
  from: number,
  limits: ReadLimits,
): Promise<readonly LogRecord[]> {
  const maxBytes = limits.maxBytes ?? 1_048_576
  const fetchBytes = Math.min(maxBytes, Math.max(LEAST_FETCH_BYTES, limits.maxRecords * BYTES_PER_RECORD_GUESS))
  const records: LogRecord[] = []
  let bytes = 0
  let next = from
  while (records.length < limits.maxRecords) {
    const result = await fetchFrom(cluster, topic, partition, next, fetchBytes)
    if (result === null) return records
    for (const record of result.records) {
      bytes += record.value?.length ?? 0
      if (records.length >= limits.maxRecords || (bytes > maxBytes && records.length > 0)) return records
      records.push(record)
    }
    next = result.next
    if (next >= result.highWatermark) return records
  }
  return records
}

/** null: nothing there, at or behind the end. A position before the earliest record kept is moved up to it. */
async function fetchFrom(
  cluster: Cluster,
  topic: string,
  partition: number,
  from: number,
  maxBytes: number,
): Promise<(FetchResult & { readonly next: number }) | null> {
  let position = Math.max(0, from)
  let found: FetchResult | null = null
  await patiently(cluster, async () => {
    const { leaders } = await cluster.layout(topic)
    const leader = leaders[partition] ?? -1
    if (leader === -1) throw passing(5, `find the leader of ${topic}/${partition}`)
    const request = fetchRequest([{ topic, partition, from: position, maxBytes }], { maxWaitMs: 0, maxBytes })
    const result = (await cluster.send(leader, request))[0]
    if (result === undefined) throw passing(CODE.unknownTopicOrPartition, `read ${topic}/${partition}`)
    if (result.code === CODE.offsetOutOfRange) {
      const bounds = (await boundsOf(cluster, [{ topic, partition }])).get(nameOf({ topic, partition }))
      if (bounds === undefined || position >= bounds.low) return
      position = bounds.low
      throw passing(result.code, `read ${topic}/${partition} before its earliest record`)
    }
    if (isPassing(result.code)) throw passing(result.code, `read ${topic}/${partition}`)
    if (result.code !== CODE.none) throw refusal(result.code, `read ${topic}/${partition}`)
    found = result
  })
  return withNext(found)
}

const withNext = (found: FetchResult | null): (FetchResult & { readonly next: number }) | null =>
  found === null || found.next === null ? null : { ...found, next: found.next }
