import type { EventLog } from '@dateline/ports'
import { feedOfTopic } from '@dateline/runtime'
import { CommandFault } from './fault.ts'

/** Refuses a feed that has no topic: a slip of the pen must not look like a feed without messages. */
export async function requireFeed(log: EventLog, feed: string | undefined): Promise<void> {
  if (feed === undefined) return
  const feeds = new Set((await log.topics()).map((topic) => feedOfTopic(topic.name)).filter((name) => name !== null))
  if (feeds.has(feed)) return
  throw new CommandFault(`There is no feed ${feed}. The feeds are: ${[...feeds].sort().join(', ') || 'none yet'}.`)
}
