import { hash } from 'node:crypto'
import { faultOf, type Item, validateParsedRecord, validatePublishedStory } from '@dateline/contracts'
import type { EnrichContext } from '@dateline/enrich'
import type { ParsedItem } from '@dateline/formats'
import {
  type ContentIdentity,
  contentIdentity,
  documentOf,
  ignore,
  itemPosition,
  pass,
  reject,
  type Step,
  type Story,
  storyKeyOf,
} from '@dateline/story'
import type { ReadMessage } from './message-steps.ts'

/** One item on its way, with the message that it came in. */
export interface Draft {
  readonly from: Omit<ReadMessage, 'items'>
  readonly index: number
  readonly parsed: ParsedItem
  /** The story as it stands; first as parsed. */
  readonly story: Story
}

export interface Rendered extends Draft {
  readonly document: string
}

export interface Made {
  readonly item: Item
  readonly document: string
  readonly unmapped?: readonly string[]
}

const mostSignals = 50
const mostFlags = 50
const longestSignal = 200
const mostReplaced = 50
const longestKey = 1_000
/** Stands in while a document without a uri is checked; the publisher gives it one. */
const anyUri = 'urn:dateline:unnamed'

/** A supplier's drill must never be published, whatever else it says. */
export const ignoreTests: Step<Draft, Draft> = function ignoreTests(draft) {
  const test = draft.story.signals?.find((signal) => /(?:^|[:/])test$/i.test(signal))
  return test === undefined ? pass(draft) : ignore('test-message', `signal ${test}`)
}

/** A kill that names no story matches nothing, and a story needs something to tell. */
export const refuseNameless: Step<Draft, Draft> = function refuseNameless(draft) {
  const { id, pubStatus = 'usable', headlines, bodyText, bodyHtml } = draft.story
  if (id !== undefined) return pass(draft)
  if (pubStatus !== 'usable') return reject('kill-without-id', `pubStatus ${pubStatus}, but no id to apply it to`)
  if (!headlines?.length && !bodyText && !bodyHtml) return reject('no-story', 'neither an id, nor a headline, nor text')
  return pass(draft)
}

export function enrichStory(enrich: (story: Story, context: EnrichContext) => Story): Step<Draft, Draft> {
  return function enrichStory(draft) {
    const { supplier, language } = draft.from.wire.feed
    return pass({
      ...draft,
      story: enrich(draft.story, language === undefined ? { supplier } : { supplier, language }),
    })
  }
}

/** What leaves is valid against the published schema, or does not leave. */
export const renderDocument: Step<Draft, Rendered> = function renderDocument(draft) {
  const fields = documentOf(draft.story, draft.from.wire.feed.supplier)
  const isValid = validatePublishedStory(fields.uri === undefined ? { ...fields, uri: anyUri } : fields)
  if (!isValid) return reject('invalid-output', faultOf(validatePublishedStory))
  return pass({ ...draft, document: JSON.stringify(fields) })
}

export const makeItem: Step<Rendered, Made> = function makeItem(draft) {
  const { from, story, parsed, document, index } = draft
  const { wire, format, wireSha256 } = from
  const { supplier } = wire.feed
  const identity =
    story.id === undefined ? { content: contentOf(parsed.story) } : { storyKey: storyKeyOf(supplier, story.id) }
  const item: Item = {
    kind: 'item',
    supplier,
    feed: wire.feed.name,
    ...identity,
    position: itemPosition(wire.position, index),
    receivedAt: new Date(wire.receivedAtMs).toISOString(),
    wireSha256,
    attempt: wire.attempt ?? '0',
    lane: wire.lane,
    ...(wire.replayId === undefined ? {} : { replayId: wire.replayId }),
    format,
    ...(story.version === undefined ? {} : { version: story.version }),
    ...(story.versionCreated === undefined ? {} : { versionCreated: story.versionCreated }),
    pubStatus: story.pubStatus ?? 'usable',
    ...(story.embargoed === undefined ? {} : { embargo: story.embargoed }),
    ...(story.signals?.length ? { signals: signalsOf(story.signals) } : {}),
    ...(story.change === undefined ? {} : { change: story.change }),
    ...(story.urgency === undefined ? {} : { urgency: story.urgency }),
    ...(story.replaces?.length ? { replaces: replacedBy(story.replaces, supplier) } : {}),
    sourceHash: hash('sha256', parsed.source),
    outputHash: hash('sha256', document),
    ...(story.flags?.length ? { flags: [...new Set(story.flags)].slice(0, mostFlags) } : {}),
    ...(wire.traceparent === undefined ? {} : { traceparent: wire.traceparent.slice(0, 60) }),
  }
  if (!validateParsedRecord(item)) return reject('invalid', faultOf(validateParsedRecord))
  return pass(story.unmapped === undefined ? { item, document } : { item, document, unmapped: story.unmapped })
}

/** Over the story as parsed: what enrichment adds or takes out must not change which story it is. */
function contentOf(story: Story): { hash: string; shingles: number[] } {
  const { hash, shingles }: ContentIdentity = contentIdentity(story.headlines?.[0]?.value ?? '', story.bodyText ?? '')
  return { hash, shingles: [...shingles] }
}

/** One that is too long for a story key is no story that could be known here. */
const replacedBy = (ids: readonly string[], supplier: string): string[] =>
  ids
    .map((id) => storyKeyOf(supplier, id))
    .filter((key) => key.length <= longestKey)
    .slice(0, mostReplaced)

const signalsOf = (signals: readonly string[]): string[] =>
  signals.filter((signal) => signal.length <= longestSignal).slice(0, mostSignals)
