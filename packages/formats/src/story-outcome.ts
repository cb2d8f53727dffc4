import { type Outcome, pass, reject, type Story } from '@dateline/story'
import type { ParsedItem } from './wire-format.ts'

/** An item as it ends: a recall needs an id to apply it to, and a story something to tell. */
export function storyOutcome(story: Story, source: string): Outcome<ParsedItem> {
  const { id, pubStatus = 'usable' } = story
  if (pubStatus !== 'usable')
    return id === undefined
      ? reject('kill-without-id', `status ${pubStatus}, but no id to apply it to`)
      : pass({ story, source })
  const isTelling =
    story.headlines !== undefined ||
    story.bodyText !== undefined ||
    story.descriptions !== undefined ||
    story.renditions !== undefined ||
    story.associations !== undefined
  return isTelling ? pass({ story, source }) : reject('no-story', 'neither headline, text, description nor media')
}
