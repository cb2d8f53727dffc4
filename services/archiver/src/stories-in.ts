import type { StoryMention } from '@dateline/archive'
import { normalize } from '@dateline/normalize'
import { headerText, type LogRecord } from '@dateline/ports'
import { type Feed, feedOfTopic } from '@dateline/runtime'

/**
 * The stories of an archived message, by the function that the normalizer runs: so they are found again from the bytes alone. Items
 * without a supplier's id have no key before a publisher gives them one, and are left out.
 */
export function storiesIn(feedOf: (name: string) => Feed): (record: LogRecord) => readonly StoryMention[] {
  return function storiesOf(record) {
    const contentType = headerText(record, 'content-type')
    const { items } = normalize({
      bytes: record.value ?? new Uint8Array(),
      feed: feedOf(feedOfTopic(record.topic) ?? record.topic),
      receivedAtMs: record.timeMs,
      position: `${record.topic}@index/${record.partition}/${record.offset}`,
      lane: 'live',
      ...(contentType === undefined ? {} : { contentType }),
    })
    return items.flatMap((one, item): StoryMention[] => {
      if (one.kind !== 'item' || one.item.storyKey === undefined) return []
      const { storyKey, version } = one.item
      return [{ item, storyKey, ...(version === undefined ? {} : { version }) }]
    })
  }
}
