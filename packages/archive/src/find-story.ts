import type { Archive, LogRecord } from '@dateline/ports'
import { feedOfTopic } from '@dateline/runtime'
import { archiveChains } from './archive-chains.ts'
import { buildIndex, getIndex, type IndexedMessage, type ObjectIndex, type StoryMention } from './archive-index.ts'
import { lookAt } from './chain-look.ts'
import { sha256Of } from './frames.ts'
import type { Chain } from './object-key.ts'
import { readMember } from './read-member.ts'
import { readable } from './segment-metadata.ts'
import { type FoundSegment, segmentsIn } from './segments-in.ts'

/** A message in which a story was found. */
export interface FoundMention extends Chain {
  /** The object that holds it. */
  readonly key: string
  readonly record: LogRecord
  readonly mention: StoryMention
}

export interface FindStoryOptions {
  /** Which feeds are looked through. */
  readonly isOf: (feed: string) => boolean
  /** null: by the indexes alone; an object without one is passed over. */
  readonly storiesIn: ((record: LogRecord) => readonly StoryMention[]) | null
  readonly version?: string
  /** Told of an object without an index, or with a wrong one. */
  readonly onUnindexed?: (key: string) => void
}

/**
 * Every message of some feeds in which a story is found, by the indexes; each is read back, checked against its sha256, and
 * asked for the story again, so that a wrong index cannot give a wrong answer.
 */
export async function* findStory(
  archive: Archive,
  storyKey: string,
  options: FindStoryOptions,
): AsyncGenerator<FoundMention> {
  const { storiesIn, onUnindexed } = options
  const isWanted = (mention: StoryMention): boolean =>
    mention.storyKey === storyKey && (options.version === undefined || mention.version === options.version)
  for await (const { chain } of archiveChains(archive)) {
    if (chain === null || !options.isOf(feedOf(chain))) continue
    for await (const segment of segmentsIn(await lookAt(archive, chain), {})) yield* inSegment(chain, segment)
  }

  async function* inSegment(chain: Chain, segment: FoundSegment): AsyncGenerator<FoundMention> {
    const { kind, sha256 } = readable(segment)
    if (kind !== 'messages') return
    const { key } = segment
    const index = await getIndex(archive, { key, sha256 })
    const found = index === null ? null : await mentionsOf(chain, index)
    if (found !== null) {
      yield* found
      return
    }
    onUnindexed?.(key)
    if (storiesIn === null) return
    const built = await buildIndex(archive, key, { feed: feedOf(chain), storiesIn })
    yield* (built && (await mentionsOf(chain, built))) ?? []
  }

  /** null: the index does not fit what it is of. */
  async function mentionsOf(chain: Chain, index: ObjectIndex): Promise<readonly FoundMention[] | null> {
    const found: FoundMention[] = []
    for (const message of index.messages) {
      if (!message.stories.some(isWanted)) continue
      const record = await recordOf(index.key, message)
      if (record === null) return null
      const mentions = (storiesIn?.(record) ?? message.stories).filter(isWanted)
      if (mentions.length === 0) return null
      for (const mention of mentions) found.push({ ...chain, key: index.key, record, mention })
    }
    return found
  }

  async function recordOf(key: string, { offset, sha256, member }: IndexedMessage): Promise<LogRecord | null> {
    const read = await readMember(archive, key, member)
    const record = read?.records.find((one) => one.offset === offset)
    return record !== undefined && sha256Of(record.value) === sha256 ? record : null
  }
}

const feedOf = ({ topic }: Chain): string => feedOfTopic(topic) ?? topic
