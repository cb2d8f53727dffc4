import { randomBytes } from 'node:crypto'
import type { LogRecord } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { boundsOf, nameOf } from './offsets.ts'
import type { Producer } from './producer.ts'
import { readRecords } from './reader.ts'

export const META_TOPIC = 'dateline.meta'
const META = { topic: META_TOPIC, partition: 0 }

/** Which id the log of each topic has; kept in the compacted topic `dateline.meta`, key = topic, value = `{"logId": "…"}`. */
export interface LogIds {
  /** As of now: what was written meanwhile, also by others, is read first. Empty when there is no `dateline.meta` yet. */
  read(): Promise<ReadonlyMap<string, string>>
  /** Gives a topic that was made just now its id, whatever id a topic of that name had. */
  mint(topic: string): Promise<string>
  /** Gives an id to a topic that has none; of several that do so at once, all answer with the same id. */
  adopt(topic: string): Promise<string>
  /** The topic is gone. */
  bury(topic: string): Promise<void>
}

export function createLogIds(cluster: Cluster, producer: Producer): LogIds {
  const ids = new Map<string, string>()
  let next = 0
  let reading: Promise<void> | null = null

  const logIds: LogIds = {
    async read() {
      reading ??= catchUp().finally(() => {
        reading = null
      })
      await reading
      return ids
    },
    async mint(topic) {
      const logId = newLogId()
      // The tombstone first: it ends whatever id stood, so that this one is the first after it.
      await write(topic, [null, metaValue(logId)])
      return logId
    },
    async adopt(topic) {
      const mine = newLogId()
      await write(topic, [metaValue(mine)])
      await catchUp()
      const standing = ids.get(topic) ?? mine
      // Compaction keeps the last record, while the first one stands: then the last must say the same.
      if (standing !== mine) await write(topic, [metaValue(standing)])
      return standing
    },
    bury: (topic) => write(topic, [null]),
  }
  return logIds

  async function write(topic: string, values: readonly (string | null)[]): Promise<void> {
    await producer.append(values.map((value) => ({ ...META, key: topic, value })))
  }

  async function catchUp(): Promise<void> {
    if (!(await cluster.topics([META_TOPIC])).has(META_TOPIC)) return
    const bounds = (await boundsOf(cluster, [META])).get(nameOf(META)) ?? { low: 0, high: 0 }
    if (next > bounds.high) {
      // The topic itself was made anew.
      ids.clear()
      next = 0
    }
    while (next < bounds.high) {
      const records = await readRecords(cluster, META_TOPIC, 0, next, { maxRecords: 10_000 })
      for (const record of records) take(record)
      const last = records.at(-1)
      next = last === undefined ? bounds.high : last.offset + 1
    }
  }

  /** The first id since a tombstone stands. */
  function take({ key, value }: LogRecord): void {
    if (key === null) return
    const topic = key.toString()
    if (value === null) ids.delete(topic)
    else if (!ids.has(topic)) {
      const logId = logIdIn(value)
      if (logId !== null) ids.set(topic, logId)
    }
  }
}

const newLogId = (): string => randomBytes(9).toString('hex')

const metaValue = (logId: string): string => JSON.stringify({ logId })

function logIdIn(value: Buffer): string | null {
  try {
    const parsed: unknown = JSON.parse(value.toString())
    if (typeof parsed !== 'object' || parsed === null || !('logId' in parsed)) return null
    return typeof parsed.logId === 'string' ? parsed.logId : null
  } catch {
    return null
  }
}
