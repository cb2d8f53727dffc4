import type { Outcome, Story } from '@dateline/story'

/** What configuration says of a feed and its supplier; all that a reader may know besides the message. */
export interface FeedProfile {
  readonly name: string
  readonly supplier: string
  /** Wire format by name; absent: detected. */
  readonly format?: string
  /** BCP 47; assumed where a message says none. */
  readonly language?: string
  /** IANA zone of times that carry none; UTC unless said. */
  readonly timezone?: string
  /** Encoding of messages that declare none. */
  readonly charset?: string
}

/** A message decoded once. */
export interface DecodedMessage {
  readonly bytes: Uint8Array
  /** Without a byte order mark. */
  readonly text: string
  /** The one used, by its canonical name: utf-8, windows-1252, iso-8859-15. */
  readonly charset: string
  /** True when neither message nor feed names the encoding used, or what they name is wrong. */
  readonly isCharsetDetected?: boolean
  readonly contentType?: string
}

export interface ParseContext {
  readonly feed: FeedProfile
  /** When the message arrived: milliseconds since 1970, from the log. Relative times count from here. */
  readonly receivedAtMs: number
  /** Told the name of a supplier's correction that took effect. Only `parse --explain` listens; nothing may depend on it. */
  readonly onCorrection?: (name: string) => void
}

/** One item of a message. */
export interface ParsedItem {
  readonly story: Story
  /** The agency's item without transmission data and variable parts, for the source hash: never enriched values. */
  readonly source: string
}

/** A wire format: reads the standard; quirks of one supplier are small corrections in a file of their own. Never throws, whatever the input. */
export interface WireFormat {
  readonly name: string
  /** True where it reads the bytes, part by part: the encoding found for the whole says nothing of them. */
  readonly readsBytes?: boolean
  /** A cheap look that does not parse. Formats are asked in the order of the list. */
  recognises(message: DecodedMessage): boolean
  /** The items in the order of the message. A message that cannot be read is one reject; a bad item among good ones rejects alone. */
  parse(message: DecodedMessage, context: ParseContext): Outcome<readonly Outcome<ParsedItem>[]>
}
