import type { EventLog } from '@dateline/ports'
import type { Settings } from './settings.ts'

/** A feed as the services need it, supplier's settings filled in. */
export interface Feed {
  readonly name: string
  readonly supplier: string
  readonly via: 'push' | 'folder' | 'kafka'
  readonly path?: string
  readonly format?: string
  readonly language?: string
  readonly timezone?: string
  readonly charset?: string
  readonly partitions: number
  readonly flashPerMinute: number
  readonly rejectAlarm: number
}

/** The feeds there are. With feeds in the configuration: those. Without: every feed that was pushed once. */
export interface Feeds {
  get(name: string): Feed | undefined
  all(): readonly Feed[]
  /** True when a name that is not known yet becomes a feed. */
  readonly isOpen: boolean
  /** The feed that an unknown name would become; only where `isOpen`. */
  candidate(name: string): Feed
  /** Makes an unknown name a feed; only where `isOpen`. */
  add(name: string): Feed
  /** Tells of feeds that came after; returns how to stop listening. */
  onAdded(listener: (feed: Feed) => void): () => void
}

const ownTopics = new Set(['wire.rejected', 'wire.receipts'])

/** Name of the feed a wire topic holds; null for other topics. */
export function feedOfTopic(topic: string): string | null {
  if (!topic.startsWith('wire.') || ownTopics.has(topic)) return null
  const name = topic.slice('wire.'.length)
  return name.endsWith('.flash') ? name.slice(0, -'.flash'.length) : name
}

export const isFeedName = (name: string): boolean =>
  /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 80 && !ownTopics.has(`wire.${name}`)

/** Without a configuration, feeds pushed in earlier runs are known by their topics. */
export async function openFeeds(settings: Settings, log: EventLog): Promise<Feeds> {
  if (settings.feeds !== undefined)
    return feedsFrom(
      Object.keys(settings.feeds).map((name) => feedFrom(name, settings)),
      null,
    )
  const names = (await log.topics()).map((topic) => feedOfTopic(topic.name)).filter((name) => name !== null)
  return feedsFrom(
    [...new Set(names)].map((name) => feedFrom(name, settings)),
    settings,
  )
}

function feedsFrom(known: readonly Feed[], open: Settings | null): Feeds {
  const feeds = new Map(known.map((feed) => [feed.name, feed]))
  const listeners = new Set<(feed: Feed) => void>()
  return {
    get: (name) => feeds.get(name),
    all: () => [...feeds.values()],
    isOpen: open !== null,
    candidate,
    add(name) {
      const present = feeds.get(name)
      if (present !== undefined) return present
      const feed = candidate(name)
      feeds.set(name, feed)
      for (const listener of listeners) listener(feed)
      return feed
    },
    onAdded(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  function candidate(name: string): Feed {
    if (open === null) throw new Error(`"${name}" is not among the feeds of the configuration`)
    return feedFrom(name, open)
  }
}

/** The feed of that name as the settings have it, its supplier's filled in; with defaults where they do not name it. */
export function feedFrom(name: string, settings: Settings): Feed {
  const own = settings.feeds?.[name]
  const supplierName = own?.supplier ?? name.split('-')[0] ?? name
  const supplier = settings.suppliers[supplierName]
  const language = own?.language ?? supplier?.language
  const timezone = own?.timezone ?? supplier?.timezone
  const charset = own?.charset ?? supplier?.charset
  return {
    name,
    supplier: supplierName,
    via: own?.via ?? 'push',
    ...(own?.path === undefined ? {} : { path: own.path }),
    ...(own?.format === undefined ? {} : { format: own.format }),
    ...(language === undefined ? {} : { language }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(charset === undefined ? {} : { charset }),
    partitions: own?.partitions ?? 4,
    flashPerMinute: own?.flashPerMinute ?? 30,
    rejectAlarm: own?.rejectAlarm ?? 0.2,
  }
}
