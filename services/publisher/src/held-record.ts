import type { Item, StoryState } from '@dateline/contracts'
import type { AppendRecord } from '@dateline/ports'
import { encodeParsedRecord } from '@dateline/story'

const topic = 'stories.embargoed'

export interface HeldAt {
  readonly partition: number
  readonly storyKey: string
}

/** What a release command will carry: the item with its key and the embargo that binds it, and its document. */
export function heldRecord(at: HeldAt, state: StoryState, held: { item: Item; document: string }): AppendRecord {
  const line: Item = {
    ...held.item,
    storyKey: at.storyKey,
    ...(state.embargo === undefined ? {} : { embargo: state.embargo }),
  }
  return { ...placeOf(at, state.eventId), value: encodeParsedRecord(line, held.document) }
}

/** Released, recalled or superseded. */
export const freedRecord = (at: HeldAt, eventId: string): AppendRecord => ({ ...placeOf(at, eventId), value: null })

const placeOf = ({ partition, storyKey }: HeldAt, eventId: string) => ({
  topic,
  partition,
  key: `${storyKey}\n${eventId}`,
})
