import { EngineRefusal, type EventLog, TransientFault } from '@dateline/ports'
import { type Alarms, type Feed, flashTopic, type Settings, wireTopic } from '@dateline/runtime'
import { type QuietHours, readQuietHours } from './quiet-hours.ts'

export interface SilenceWatchOptions {
  readonly log: EventLog
  readonly feeds: readonly Feed[]
  readonly settings: Settings
  readonly alarms: Alarms
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

export interface SilenceWatch {
  /** Looks at every feed that has a rhythm; raises and clears. Never throws for an engine that is away: then nothing is known. */
  look(): Promise<void>
}

interface Rhythm {
  readonly feed: Feed
  readonly hours: QuietHours
  /** `high` of each partition at the last look. */
  highs: string
  silentSinceMs: number
}

/**
 * Raises `quiet` once for a feed that is silent for longer than its `quietAfter`, and clears it once when something comes. It looks at the
 * wire topics, so that it counts what an agency writes straight to Kafka, and after a restart begins with the newest message there.
 * A feed that never had a message is silent since the watch began; an outage of the log is no silence of the agency.
 */
export function createSilenceWatch({
  log,
  feeds,
  settings,
  alarms,
  clock = Date.now,
}: SilenceWatchOptions): SilenceWatch {
  const rhythms = feeds.flatMap((feed): Rhythm[] => {
    const quietAfter = settings.feeds?.[feed.name]?.quietAfter
    if (quietAfter === undefined) return []
    return [{ feed, hours: hoursOf(feed, quietAfter), highs: '', silentSinceMs: clock() }]
  })
  let wasAway = false
  return {
    async look() {
      let isAway = false
      for (const rhythm of rhythms) {
        try {
          await lookAt(rhythm)
        } catch (error) {
          if (!(error instanceof TransientFault || error instanceof EngineRefusal)) throw error
          isAway = true
        }
      }
      wasAway = isAway
    },
  }

  async function lookAt(rhythm: Rhythm): Promise<void> {
    const nowMs = clock()
    const { feed } = rhythm
    const topics = [wireTopic(feed.name), flashTopic(feed.name)]
    const offsets = await Promise.all(topics.map((topic) => log.offsets(topic)))
    const highs = JSON.stringify(offsets.map((partitions) => partitions.map(({ high }) => high)))
    if (highs !== rhythm.highs) {
      const newestMs = await newestOf(topics, offsets)
      if (newestMs !== null) rhythm.silentSinceMs = Math.min(nowMs, newestMs)
      rhythm.highs = highs
    }
    if (wasAway) rhythm.silentSinceMs = Math.max(rhythm.silentSinceMs, nowMs)
    if (rhythm.hours.isTooLong(rhythm.silentSinceMs, nowMs)) {
      const minutes = Math.round((nowMs - rhythm.silentSinceMs) / 60_000)
      alarms.raise(
        'quiet',
        feed.name,
        `Feed ${feed.name} has sent nothing for ${minutes} minutes: ask ${feed.supplier}.`,
      )
    } else alarms.clear('quiet', feed.name, `Feed ${feed.name} sends again.`)
  }

  async function newestOf(
    topics: readonly string[],
    offsets: readonly Awaited<ReturnType<EventLog['offsets']>>[],
  ): Promise<number | null> {
    let newestMs: number | null = null
    for (const [at, topic] of topics.entries()) {
      for (const { partition, low, high } of offsets[at] ?? []) {
        if (high <= low) continue
        const record = (await log.read(topic, partition, high - 1, { maxRecords: 1 }))[0]
        if (record !== undefined) newestMs = Math.max(newestMs ?? 0, record.timeMs)
      }
    }
    return newestMs
  }
}

function hoursOf(feed: Feed, quietAfter: Parameters<typeof readQuietHours>[0]): QuietHours {
  try {
    return readQuietHours(quietAfter, feed.timezone ?? 'UTC')
  } catch (error) {
    throw new EngineRefusal('log', `The feed ${feed.name}, quietAfter: ${(error as Error).message}`, { cause: error })
  }
}
