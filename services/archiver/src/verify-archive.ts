import { hash } from 'node:crypto'
import type { Archive, EventLog } from '@dateline/ports'
import { readLink } from './chain-object.ts'
import { unpackMember } from './frames.ts'
import { type ChainId, parseObjectKey } from './object-key.ts'
import { prefixesOf } from './read-archive.ts'

export interface VerifiedPartition extends ChainId {
  readonly from: number
  readonly to: number
  readonly objects: number
  readonly messages: number
  /** The first fault, in words; null when the chain is whole. */
  readonly fault: string | null
}

export interface VerifyReport {
  readonly isWhole: boolean
  readonly objects: number
  readonly messages: number
  readonly partitions: readonly VerifiedPartition[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Reads the archive again: chains without gap or overlap, every checksum, every count. With a log, also that nothing is missing between the two. */
export async function verifyArchive(
  archive: Archive,
  options: { readonly feed?: string; readonly log?: EventLog } = {},
): Promise<VerifyReport> {
  const partitions: VerifiedPartition[] = []
  let current: Mutable<VerifiedPartition> | null = null
  for (const prefix of prefixesOf(options.feed)) {
    for await (const { key, size } of archive.list(prefix)) {
      const id = parseObjectKey(key)
      if (id === null) {
        partitions.push({
          topic: key,
          logId: '',
          partition: 0,
          from: 0,
          to: 0,
          objects: 0,
          messages: 0,
          fault: `${key} is not an object of an archive chain`,
        })
        continue
      }
      if (
        current === null ||
        current.topic !== id.topic ||
        current.logId !== id.logId ||
        current.partition !== id.partition
      ) {
        current = {
          topic: id.topic,
          logId: id.logId,
          partition: id.partition,
          from: id.base,
          to: id.base,
          objects: 0,
          messages: 0,
          fault: null,
        }
        partitions.push(current)
      }
      await verifyObject(archive, { key, size, base: id.base }, current)
    }
  }
  if (options.log !== undefined)
    for (const partition of partitions)
      if (partition.fault === null)
        (partition as Mutable<VerifiedPartition>).fault = await gapToLog(options.log, partition)
  return {
    isWhole: partitions.every((partition) => partition.fault === null),
    objects: partitions.reduce((sum, partition) => sum + partition.objects, 0),
    messages: partitions.reduce((sum, partition) => sum + partition.messages, 0),
    partitions,
  }
}

async function verifyObject(
  archive: Archive,
  object: { readonly key: string; readonly size: number; readonly base: number },
  chain: Mutable<VerifiedPartition>,
): Promise<void> {
  const fault = (text: string): void => {
    chain.fault ??= `${object.key} ${text}`
  }
  chain.objects += 1
  if (object.base > chain.to)
    fault(`begins at offset ${object.base}, ${object.base - chain.to} after the end of the object before it: a gap`)
  if (object.base < chain.to)
    fault(
      `begins at offset ${object.base}, ${chain.to - object.base} before the end of the object before it: an overlap`,
    )
  const link = await readLink(archive, object.key)
  if (link === null) return fault('does not say what it holds')
  chain.to = Math.max(chain.to, link.next)
  if (link.base !== object.base) return fault(`says that it begins at ${link.base}, its key says ${object.base}`)
  const bytes = await archive.get(object.key)
  if (bytes === null) return fault('vanished while it was verified')
  if (hash('sha256', bytes) !== link.sha256)
    return fault(`has another checksum than when it was written (${bytes.byteLength} bytes now)`)
  if (link.kind === 'gap') return
  try {
    let count = 0
    let last = link.base - 1
    for (const member of link.members) {
      for (const record of unpackMember(bytes.subarray(member.start, member.start + member.length))) {
        if (record.topic !== chain.topic || record.partition !== chain.partition)
          return fault(`holds a message of ${record.topic}/${record.partition}`)
        if (record.offset <= last || record.offset >= link.next)
          return fault(`holds offset ${record.offset} out of order`)
        last = record.offset
        count += 1
      }
    }
    chain.messages += count
    if (count !== link.count) fault(`holds ${count} messages and says ${link.count}`)
  } catch (error) {
    fault(`cannot be read: ${(error as Error).message}`)
  }
}

/** Where the log still reaches: what it no longer keeps must be in the archive. */
async function gapToLog(log: EventLog, chain: VerifiedPartition): Promise<string | null> {
  const [topic] = await log.topics([chain.topic])
  if (topic?.logId !== chain.logId) return null
  const bounds = (await log.offsets(chain.topic))[chain.partition]
  if (bounds === undefined || bounds.low <= chain.to) return null
  return `${chain.topic}/${chain.partition}: the archive ends at offset ${chain.to}, and the log begins at ${bounds.low}: ${bounds.low - chain.to} messages are in neither`
}
