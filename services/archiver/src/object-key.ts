import type { LogRecord } from '@dateline/ports'

/** A partition of a wire topic in one log: the unit of a chain. */
export interface ChainId {
  readonly topic: string
  readonly logId: string
  readonly partition: number
}

export const chainOf = (record: Pick<LogRecord, 'topic' | 'partition'>, logId: string): ChainId => ({
  topic: record.topic,
  logId,
  partition: record.partition,
})

export const chainPrefix = ({ topic, logId, partition }: ChainId): string => `raw/v1/${topic}/${logId}/p=${partition}/`

/** The base in 20 digits, so that keys sort as offsets do. */
export const objectKey = (chain: ChainId, base: number): string => chainPrefix(chain) + String(base).padStart(20, '0')

const shape = /^raw\/v1\/([^/]+)\/([^/]+)\/p=(\d+)\/(\d{20})$/

/** null for a key that is none of ours. */
export function parseObjectKey(key: string): (ChainId & { readonly base: number }) | null {
  const found = shape.exec(key)
  return found === null
    ? null
    : { topic: found[1] ?? '', logId: found[2] ?? '', partition: Number(found[3]), base: Number(found[4]) }
}
