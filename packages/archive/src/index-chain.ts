import type { Archive, LogRecord } from '@dateline/ports'
import { feedOfTopic } from '@dateline/runtime'
import { buildIndex, indexKey, putIndex, type StoryMention } from './archive-index.ts'
import { chainSegments } from './chain-segments.ts'
import { type Chain, chainPrefix } from './object-key.ts'
import { spanPrefix } from './span-key.ts'

export interface IndexChainOptions {
  readonly storiesIn: (record: LogRecord) => readonly StoryMention[]
  /** Awaited between messages, for whoever shares a processor with the live wire. */
  readonly rest?: () => Promise<void>
  /** Also those that have one. */
  readonly isAnew?: boolean
}

/** Puts an index beside every object of a chain that has none; answers how many. */
export async function indexChain(archive: Archive, chain: Chain, options: IndexChainOptions): Promise<number> {
  const indexed = new Set<string>()
  if (options.isAnew !== true)
    for (const prefix of [chainPrefix(chain), spanPrefix(chain)])
      for await (const { key } of archive.list(indexKey(prefix))) indexed.add(key)
  const feed = feedOfTopic(chain.topic) ?? chain.topic
  let made = 0
  for await (const { kind, key } of chainSegments(archive, chain)) {
    if (kind === 'removed' || indexed.has(indexKey(key))) continue
    const index = await buildIndex(archive, key, { ...options, feed })
    if (index === null) continue
    if (await putIndex(archive, index)) made += 1
  }
  return made
}
