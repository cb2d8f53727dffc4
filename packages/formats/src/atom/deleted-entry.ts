import { type Outcome, pass, reject, type Story } from '@dateline/story'
import { readInstant, timeFlags } from '../dates.ts'
import { type Draft, put } from '../json/json-values.ts'
import type { ParsedItem } from '../wire-format.ts'
import { attribute, child, type XmlElement } from '../xml/xml-tree.ts'
import type { AtomSurroundings } from './atom-entry.ts'
import { textOfConstruct } from './text-construct.ts'

/** RFC 6721: "a previously published entry has been removed". Its ref is the id of that entry. */
export function deletedEntry(element: XmlElement, { text, context }: AtomSurroundings): Outcome<ParsedItem> {
  const id = attribute(element, 'ref')
  if (id === undefined) return reject('kill-without-id', 'a deleted-entry without ref')
  const story: Draft<Story> = { id, pubStatus: 'canceled' }
  const when = readInstant(attribute(element, 'when') ?? '', context.feed.timezone)
  put(story, 'versionCreated', when?.instant)
  put(story, 'flags', when === null ? ['time-unreadable'] : [...timeFlags(when)])
  const comment = textOfConstruct(child(element, 'comment'))
  put(story, 'edNotes', comment === undefined ? [] : [comment])
  return pass({ story, source: text.slice(element.start, element.end) })
}
