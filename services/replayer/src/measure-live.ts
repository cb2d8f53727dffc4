import { type EventLog, type LogRecord, TransientFault } from '@dateline/ports'
import { type Feeds, flashTopic, wireTopic } from '@dateline/runtime'
import { decodeParsedRecord } from '@dateline/story'
import type { Measure } from './brake.ts'

/** The publisher's lag as the lag gate sees it, and how long the oldest live record has been waiting for the normalizer or the publisher. */
export function measureLive(
  log: Pick<EventLog, 'topics' | 'offsets' | 'read'>,
  feeds: Pick<Feeds, 'all'>,
  clock: () => number = Date.now,
): Measure {
  return async () => {
    try {
      return await measure()
    } catch (error) {
      if (error instanceof TransientFault) return null
      throw error
    }
  }

  async function measure(): Promise<{ readonly lag: number; readonly latencyMs: number }> {
    const wire = feeds.all().flatMap(({ name }) => [
      { topic: wireTopic(name), group: 'normalizer' },
      { topic: flashTopic(name), group: 'normalizer-flash' },
    ])
    const known = new Set((await log.topics()).map(({ name }) => name))
    const groups = [...wire, { topic: 'stories.parsed', group: 'publisher' }].filter(({ topic }) => known.has(topic))
    const waiting = (await Promise.all(groups.map(waitingOf))).flat()
    return {
      lag: Math.max(0, ...waiting.map(({ lag }) => lag)),
      latencyMs: Math.max(0, ...waiting.map(({ latencyMs }) => latencyMs)),
    }
  }

  /** Per partition in which anything waits. */
  async function waitingOf({ topic, group }: { readonly topic: string; readonly group: string }) {
    const waiting: { lag: number; latencyMs: number }[] = []
    for (const { partition, low, high, committed } of await log.offsets(topic, group)) {
      const at = Math.max(committed ?? low, low)
      if (at >= high) continue
      const [record] = await log.read(topic, partition, at, { maxRecords: 1 })
      waiting.push({
        lag: group === 'publisher' ? high - at : 0,
        latencyMs: record !== undefined && isLive(record) ? clock() - record.timeMs : 0,
      })
    }
    return waiting
  }
}

/** What a replay itself appended may wait as long as it must. */
function isLive({ topic, value }: LogRecord): boolean {
  if (topic !== 'stories.parsed' || value === null) return true
  const line = decodeParsedRecord(value)?.line
  return line?.kind !== 'item' || line.lane !== 'replay'
}
