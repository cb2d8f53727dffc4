import type { StoryState } from '@dateline/contracts'
import { type EventLog, headerText, type LogRecord } from '@dateline/ports'
import { offsetAt } from '@dateline/runtime'

const topic = 'stories'
/** The log took the event a little after the record that was decided, whose time the state has. */
const slackMs = 2_000
const mostRead = 5_000

/** The last event of a story as it was published; null when `stories` does not keep it any more, or it lies in no likely place. */
export async function findEvent(
  log: EventLog,
  partition: number,
  { eventId, lastEventAt }: Pick<StoryState, 'eventId' | 'lastEventAt'>,
): Promise<LogRecord | null> {
  const bounds = (await log.offsets(topic)).find((entry) => entry.partition === partition)
  if (bounds === undefined) return null
  let at = await offsetAt(log, { topic, ...bounds }, Date.parse(lastEventAt) - slackMs)
  for (const end = Math.min(bounds.high, at + mostRead); at < end; ) {
    const records = await log.read(topic, partition, at, { maxRecords: 500, maxBytes: 8_388_608 })
    const found = records.find((record) => headerText(record, 'ce_id') === eventId)
    if (found !== undefined) return found
    at = (records.at(-1)?.offset ?? end) + 1
  }
  return null
}
