import { enrichments } from '@dateline/enrich'
import { type DecodedMessage, decode, formats, type ParsedItem, traceFields } from '@dateline/formats'
import type { Outcome, Story } from '@dateline/story'
import { inOrder } from './in-order.ts'
import { decodeText, detectFormat, type Part, unpackParts, withinSize } from './message-steps.ts'
import { normalize } from './normalize.ts'
import type { NormalizedItem, WireMessage } from './wire-message.ts'

export interface Explanation {
  readonly bytes: number
  /** The message itself, or what is packed in it, in its order. */
  readonly parts: readonly ExplainedPart[]
}

export interface ExplainedPart {
  /** As the container names it, where it does: `application/xml; name=1.xml`. */
  readonly contentType?: string
  /** Absent: the bytes are no text. */
  readonly charset?: { readonly name: string; readonly knownBy: CharsetSource }
  /** Absent: none recognised the message, or there is none of the name given. */
  readonly format?: { readonly name: string; readonly knownBy: 'feed' | 'message' }
  /** Names of the supplier's corrections that changed a story. */
  readonly corrections: readonly string[]
  readonly items: readonly ExplainedItem[]
  /** False when the message has more parts than were tried, so that sources may be missing. */
  readonly isTraceComplete: boolean
}

export type CharsetSource = 'byte order mark' | 'xml declaration' | 'content type' | 'feed' | 'bytes'

export interface ExplainedItem {
  /** Its number over the whole message: the item's position is that of the message, `#` and this. */
  readonly index: number
  /** What the item becomes: passed on, or why not. */
  readonly outcome: 'item' | 'reject' | 'ignore'
  readonly reason?: string
  readonly detail?: string
  readonly fields: readonly ExplainedField[]
  readonly flags: readonly string[]
  /** What the item holds and a story has no place for. */
  readonly unmapped: readonly string[]
}

export interface ExplainedField {
  readonly name: string
  readonly value: unknown
  /** Where in the part: `newsItem/@guid`, `subject[].name`, `line 3`, `Subject header`. Empty: nowhere alone, as with `type`. */
  readonly from: readonly string[]
  /** Names of the enrichments that added or changed it. */
  readonly enrichedBy: readonly string[]
}

type UnnumberedItem = Omit<ExplainedItem, 'index'>
interface UnnumberedPart extends Omit<ExplainedPart, 'items'> {
  readonly items: readonly UnnumberedItem[]
}

const open = inOrder(withinSize, unpackParts(formats))
const detect = detectFormat(formats)

/**
 * What is made of a message and why, field by field. The items are those of `normalize`. The message is read many times over, so this is for
 * people, not for the wire.
 */
export function explainMessage(wire: WireMessage): Explanation {
  const { items } = normalize(wire)
  const opened = open(wire)
  const parts: ExplainedPart[] = []
  let first = 0
  for (const part of opened.kind === 'pass' ? opened.value : [opened]) {
    const { items: explained, ...about } = explainPart(part, items.slice(first))
    parts.push({ ...about, items: explained.map((item, at) => ({ index: first + at, ...item })) })
    first += explained.length
  }
  return { bytes: wire.bytes.byteLength, parts }
}

/** `items`: those of the part and of all parts after it. */
function explainPart(part: Outcome<Part>, items: readonly NormalizedItem[]): UnnumberedPart {
  const contentType = part.kind === 'pass' ? part.value.message.contentType : undefined
  const named = contentType === undefined ? {} : { contentType }
  const unread = { ...named, corrections: [], items: items.slice(0, 1).map(bare), isTraceComplete: true }
  const decoded = part.kind === 'pass' ? decodeText(part.value) : part
  if (part.kind !== 'pass' || decoded.kind !== 'pass') return unread
  const { wire, message, isAttached } = decoded.value
  const charset = { name: message.charset, knownBy: charsetSource(part.value, message) }
  const detected = detect(decoded.value)
  if (detected.kind !== 'pass') return { ...unread, charset }
  const { format } = detected.value
  const knownBy = wire.feed.format === undefined || isAttached ? 'message' : 'feed'
  const context = { feed: wire.feed, receivedAtMs: wire.receivedAtMs }
  const corrections = new Set<string>()
  const parsed = format.parse(message, { ...context, onCorrection: (name) => corrections.add(name) })
  const read = { ...named, charset, format: { name: format.name, knownBy } } as const
  if (parsed.kind !== 'pass' || parsed.value.length === 0) return { ...unread, ...read }
  const trace = traceFields(format, message, context)
  return {
    ...read,
    corrections: [...corrections],
    items: items.slice(0, parsed.value.length).map((item, index) => {
      const story: Outcome<ParsedItem> | undefined = parsed.value[index]
      return story?.kind === 'pass'
        ? explained(item, story.value.story, { wire, from: trace.items[index] })
        : bare(item)
    }),
    isTraceComplete: trace.isComplete,
  }
}

const hintsOf = (contentType: string | undefined, charset: string | undefined) => ({
  ...(contentType === undefined ? {} : { contentType }),
  ...(charset === undefined ? {} : { charset }),
})

/** Found by leaving out what names a set, one after the other, as long as the same is found. */
function charsetSource({ wire, message: { bytes, contentType } }: Part, message: DecodedMessage): CharsetSource {
  if (hasMark(bytes)) return 'byte order mark'
  if (message.isCharsetDetected === true || isAscii(bytes)) return 'bytes'
  const isSame = (type: string | undefined, charset: string | undefined): boolean => {
    const other = decode(bytes, hintsOf(type, charset))
    return other.kind === 'pass' && other.value.charset === message.charset && other.value.isCharsetDetected !== true
  }
  const isDeclared = /^\s*<\?xml[^>]{0,150}?\sencoding\s*=/.test(message.text.slice(0, 200))
  if (isSame(undefined, undefined)) return isDeclared ? 'xml declaration' : 'bytes'
  if (isSame(contentType, undefined)) return 'content type'
  return isSame(undefined, wire.feed.charset) ? 'feed' : 'bytes'
}

const hasMark = ([a, b, c]: Uint8Array): boolean =>
  (a === 0xef && b === 0xbb && c === 0xbf) || (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)

/** An item of which there is no story to explain. */
const bare = (item: NormalizedItem): UnnumberedItem => ({ ...outcomeOf(item), fields: [], flags: [], unmapped: [] })

function outcomeOf(item: NormalizedItem): Pick<ExplainedItem, 'outcome' | 'reason' | 'detail'> {
  return item.kind === 'item' ? { outcome: 'item' } : { outcome: item.kind, reason: item.reason, detail: item.detail }
}

function explained(
  item: NormalizedItem,
  parsed: Story,
  { wire, from }: { readonly wire: WireMessage; readonly from: ReadonlyMap<string, readonly string[]> | undefined },
): UnnumberedItem {
  const { story, changes } = enriched(parsed, wire)
  const { flags = [], unmapped = [], ...fields } = story
  const made = item.kind === 'item' ? (item.item.flags ?? flags) : flags
  return {
    ...outcomeOf(item),
    fields: Object.entries(fields).map(([name, value]) => ({
      name,
      value,
      from: from?.get(name) ?? [],
      enrichedBy: changes.get(name) ?? [],
    })),
    flags: [...new Set(made)],
    unmapped,
  }
}

/** The enrichments one by one, and which fields each of them touched. */
function enriched(
  parsed: Story,
  { feed }: WireMessage,
): { story: Story; changes: ReadonlyMap<string, readonly string[]> } {
  const { supplier, language } = feed
  const changes = new Map<string, string[]>()
  let story = parsed
  for (const enrichment of enrichments) {
    const next = enrichment(story, language === undefined ? { supplier } : { supplier, language })
    for (const name of new Set([...Object.keys(story), ...Object.keys(next)])) {
      const key = name as keyof Story
      if (story[key] !== next[key] && JSON.stringify(story[key]) !== JSON.stringify(next[key]))
        changes.set(name, [...(changes.get(name) ?? []), enrichment.name])
    }
    story = next
  }
  return { story, changes }
}
