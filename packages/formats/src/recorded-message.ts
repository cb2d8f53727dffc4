import type { Outcome, Story } from '@dateline/story'
import { decode } from './decode.ts'
import type { DecodedMessage, FeedProfile, ParseContext, ParsedItem, WireFormat } from './wire-format.ts'

/** What a recorded message should give: the `<case>.expected.json` beside `<case>.<extension>`, written by hand. */
export interface ExpectedReading {
  /** What the feed's profile says beyond its name. */
  readonly feed?: Partial<FeedProfile>
  readonly contentType?: string
  /** RFC 3339; 2026-01-20T12:00:00Z unless said. */
  readonly receivedAt?: string
  /** Of the whole message, when it cannot be read. */
  readonly reject?: string
  /** Stories as the format reads them, before anything is added to them. */
  readonly items?: readonly ExpectedItem[]
}

type ExpectedItem = { readonly story: Story } | { readonly reject: string } | { readonly ignore: string }

/** What was read, in the form of what is expected. */
type Reading = Pick<ExpectedReading, 'reject' | 'items'>

const defaultReceivedAt = '2026-01-20T12:00:00Z'

/** The message decoded, and what its reader may know besides it. */
export function openRecorded(
  bytes: Uint8Array,
  { feed, contentType, receivedAt }: ExpectedReading,
): { readonly decoded: Outcome<DecodedMessage>; readonly context: ParseContext } {
  const decoded = decode(bytes, {
    ...(contentType === undefined ? {} : { contentType }),
    ...(feed?.charset === undefined ? {} : { charset: feed.charset }),
  })
  const context = {
    feed: { name: 'feed', supplier: 'supplier', ...feed },
    receivedAtMs: Date.parse(receivedAt ?? defaultReceivedAt),
  }
  return { decoded, context }
}

/** Reads a recorded message by the format that its feed names, else by the first that recognises it. */
export function readRecorded(
  bytes: Uint8Array,
  expected: ExpectedReading,
  formats: readonly WireFormat[],
): { readonly format: string | null; readonly reading: Reading } {
  const { decoded, context } = openRecorded(bytes, expected)
  if (decoded.kind !== 'pass') return { format: null, reading: readingOf(decoded) }
  const named = context.feed.format
  const format = formats.find((each) => (named === undefined ? each.recognises(decoded.value) : each.name === named))
  if (format === undefined) return { format: null, reading: { reject: 'unknown-format' } }
  return { format: format.name, reading: readingOf(format.parse(decoded.value, context)) }
}

/** An outcome without its details: words may change, reasons and stories may not. */
export function readingOf(outcome: Outcome<readonly Outcome<ParsedItem>[]>): Reading {
  if (outcome.kind !== 'pass') return { reject: outcome.reason }
  return {
    items: outcome.value.map((item) => {
      if (item.kind === 'pass') return { story: item.value.story }
      return item.kind === 'ignore' ? { ignore: item.reason } : { reject: item.reason }
    }),
  }
}
