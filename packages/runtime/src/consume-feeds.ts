import type { ConsumeOptions, Consumption, EventLog } from '@dateline/ports'
import type { Feed, Feeds } from './feeds.ts'

export interface FeedConsumption {
  isReady(): boolean
  stop(deadlineMs: number): Promise<void>
}

export interface FeedConsumptionOptions extends Omit<ConsumeOptions, 'topics'> {
  readonly log: EventLog
  readonly feeds: Feeds
  readonly topicsOf: (feed: Feed) => readonly string[]
  readonly onFailed: (error: unknown) => void
}

/** Consumes the topics of every feed, and of feeds that are added while it runs: then the group is joined anew with the longer list. */
export async function consumeFeeds(options: FeedConsumptionOptions): Promise<FeedConsumption> {
  let current: Consumption | null = null
  let stopping = false
  let turning: Promise<void> = begin()
  const unlisten = options.feeds.onAdded(() => {
    turning = turning.then(again).catch(options.onFailed)
  })
  await turning
  return {
    isReady: () => current?.isReady() ?? options.feeds.all().length === 0,
    async stop(deadlineMs) {
      stopping = true
      unlisten()
      await turning.catch(() => {})
      await current?.stop(deadlineMs)
    },
  }

  async function again(): Promise<void> {
    if (stopping) return
    await current?.stop()
    await begin()
  }

  async function begin(): Promise<void> {
    const topics = options.feeds.all().flatMap(options.topicsOf)
    if (topics.length === 0) return
    const { log: _log, feeds: _feeds, topicsOf: _topicsOf, onFailed, ...consume } = options
    const consumption = await options.log.consume({ ...consume, topics })
    consumption.ended.catch(onFailed)
    current = consumption
  }
}
