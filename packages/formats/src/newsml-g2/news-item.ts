import type { Outcome, Story } from '@dateline/story'
import { applyCorrections } from '../apply-corrections.ts'
import { type Draft, put } from '../json/json-values.ts'
import { sayKill } from '../kill-words.ts'
import { storyOutcome } from '../story-outcome.ts'
import type { DecodedMessage, ParseContext, ParsedItem } from '../wire-format.ts'
import { attribute, child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { vocabularyOf } from './catalogs.ts'
import { assertedNamesIn } from './concepts.ts'
import { putContentMeta } from './content-meta.ts'
import { putContentSet } from './content-set.ts'
import { putItemMeta } from './item-meta.ts'
import { leave, type Reading } from './reading.ts'
import { putRightsInfo } from './rights-info.ts'
import { supplierCorrections } from './suppliers/supplier-correction.ts'

export interface ItemSurroundings {
  readonly message: DecodedMessage
  readonly context: ParseContext
  /** The document's text, in which the item's element lies. */
  readonly text: string
  /** Of the message around it, if any. */
  readonly priority?: string
  readonly signals?: readonly string[]
}

/** One newsItem as a story. */
export function newsItem(item: XmlElement, surroundings: ItemSurroundings): Outcome<ParsedItem> {
  const reading = startReading(item, surroundings)
  const { story, flags, unmapped } = reading
  for (const element of elements(item)) {
    if (element.namespace !== item.namespace) leave(reading, '', element)
    else putPart(element, reading)
  }
  const content = child(item, 'contentSet')
  if (content !== undefined) putContentSet(content, reading)
  applyCorrections(supplierCorrections, (correct) => correct(item, reading), { story, context: surroundings.context })
  putTitle(item, reading)
  if ((story.pubStatus ?? 'usable') === 'usable' && sayKill(story.headlines)) flags.add('kill-in-text')
  if (story.supplierUrgency === undefined) put(story, 'supplierUrgency', surroundings.priority)
  if (surroundings.message.isCharsetDetected === true) flags.add('charset-detected')
  put(story, 'unmapped', [...unmapped])
  put(story, 'flags', [...flags])
  return storyOutcome(story, sourceOf(item, surroundings.text))
}

function startReading(item: XmlElement, { context, signals }: ItemSurroundings): Reading {
  const story: Draft<Story> = {}
  put(story, 'id', attribute(item, 'guid'))
  put(story, 'version', attribute(item, 'version'))
  put(story, 'language', languageOf(item))
  put(story, 'signals', signals)
  return {
    story,
    vocabulary: vocabularyOf(item),
    timezone: context.feed.timezone,
    assertedNames: assertedNamesIn(item),
    flags: new Set(),
    unmapped: new Set(),
  }
}

function putPart(element: XmlElement, reading: Reading): void {
  switch (element.name) {
    case 'itemMeta':
      putItemMeta(element, reading)
      break
    case 'contentMeta':
      putContentMeta(element, reading)
      break
    case 'rightsInfo':
      putRightsInfo(element, reading)
      break
    case 'contentSet':
    case 'catalogRef':
    case 'catalog':
    case 'assert':
    case 'hopHistory':
      break
    default:
      leave(reading, '', element)
  }
}

/** The language of the content, else that of the item's own words. */
function languageOf(item: XmlElement): string | undefined {
  const meta = child(item, 'contentMeta')
  const content = meta === undefined ? undefined : child(meta, 'language')
  const tag = (content === undefined ? undefined : attribute(content, 'tag')) ?? attribute(item, 'xml:lang')
  const language = tag?.replaceAll('_', '-')
  return language !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(language) ? language : undefined
}

/** The item's working title stands in for a headline where there is neither one nor a text to take it from. */
function putTitle(item: XmlElement, reading: Reading): void {
  const { story, flags, unmapped } = reading
  const meta = child(item, 'itemMeta')
  const title = meta === undefined ? undefined : lineOf(child(meta, 'title'))
  if (title === undefined || story.headlines?.some(({ value }) => value === title)) return
  if (story.headlines === undefined && story.bodyText === undefined) {
    story.headlines = [{ value: title }]
    flags.add('headline-from-title')
  } else unmapped.add('itemMeta/title')
}

/** The item as sent, without the stations that it passed on its way. */
function sourceOf(item: XmlElement, text: string): string {
  const hops = child(item, 'hopHistory')
  if (hops === undefined) return text.slice(item.start, item.end)
  return text.slice(item.start, hops.start) + text.slice(hops.end, item.end)
}
