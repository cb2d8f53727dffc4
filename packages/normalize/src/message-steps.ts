import { hash } from 'node:crypto'
import {
  type DecodedMessage,
  decode,
  type MessagePart,
  type ParsedItem,
  unpack,
  type WireFormat,
} from '@dateline/formats'
import { type Outcome, pass, reject, type Step } from '@dateline/story'
import type { WireMessage } from './wire-message.ts'

const maxBytes = 8 * 1024 * 1024

/** One of the messages that a wire message holds; mostly it holds itself alone. */
export interface Part {
  readonly wire: WireMessage
  readonly wireSha256: string
  readonly message: MessagePart
}

export interface Decoded extends Omit<Part, 'message'> {
  readonly message: DecodedMessage
  readonly isAttached: boolean
}

export interface Detected extends Decoded {
  readonly format: WireFormat
}

/** A message read: its items, each with an outcome of its own. */
export interface ReadMessage {
  readonly wire: WireMessage
  readonly format: string
  readonly wireSha256: string
  readonly items: readonly Outcome<ParsedItem>[]
}

export const withinSize: Step<WireMessage, WireMessage> = function withinSize(wire) {
  if (wire.bytes.byteLength === 0) return reject('empty', 'the message has no bytes')
  if (wire.bytes.byteLength > maxBytes)
    return reject('too-large', `${wire.bytes.byteLength} bytes, ${maxBytes} allowed`)
  return pass(wire)
}

/** What is packed is unpacked, so that each message in it is decoded and detected by itself. */
export function unpackParts(formats: readonly WireFormat[]): Step<WireMessage, readonly Outcome<Part>[]> {
  return function unpackParts(wire) {
    const { bytes, contentType, feed } = wire
    const unpacked = unpack(bytes, {
      ...(contentType === undefined ? {} : { contentType }),
      isMessage(part) {
        const decoded = decode(part.bytes, part.contentType === undefined ? {} : { contentType: part.contentType })
        return decoded.kind === 'pass' && formats.some((format) => format.recognises(decoded.value))
      },
      opensMail: feed.format === undefined || feed.format === 'email',
    })
    if (unpacked.kind !== 'pass') return unpacked
    const wireSha256 = hash('sha256', bytes)
    return pass(
      unpacked.value.map((part) => (part.kind === 'pass' ? pass({ wire, wireSha256, message: part.value }) : part)),
    )
  }
}

export const decodeText: Step<Part, Decoded> = function decodeText({ message, ...part }) {
  const { bytes, contentType, isAttached = false } = message
  const { charset } = part.wire.feed
  const decoded = decode(bytes, {
    ...(contentType === undefined ? {} : { contentType }),
    ...(charset === undefined ? {} : { charset }),
  })
  return decoded.kind === 'pass' ? pass({ ...part, isAttached, message: decoded.value }) : decoded
}

/** The format that the feed names, else the first that recognises the message. What a mail brings along is what it looks like. */
export function detectFormat(formats: readonly WireFormat[]): Step<Decoded, Detected> {
  return function detectFormat(decoded) {
    const { wire, message, isAttached } = decoded
    const named = isAttached ? undefined : wire.feed.format
    const format = formats.find((each) => (named === undefined ? each.recognises(message) : each.name === named))
    if (format !== undefined) return pass({ ...decoded, format })
    const start = JSON.stringify(message.text.slice(0, 80))
    return reject(
      'unknown-format',
      named === undefined ? `no format recognises ${start}` : `there is no format ${named}`,
    )
  }
}

export const parseItems: Step<Detected, ReadMessage> = function parseItems({ wire, wireSha256, message, format }) {
  const { feed, receivedAtMs } = wire
  const parsed = format.parse(message, { feed, receivedAtMs })
  if (parsed.kind !== 'pass') return parsed
  if (parsed.value.length === 0) return reject('no-story', `${format.name}: the message holds no item`)
  const isDetected = message.isCharsetDetected === true && format.readsBytes !== true
  const items = isDetected ? parsed.value.map(withDetectedCharset) : parsed.value
  return pass({ wire, format: format.name, wireSha256, items })
}

/** Neither declared nor configured: what the text is written in was found out, and may be wrong. */
function withDetectedCharset(item: Outcome<ParsedItem>): Outcome<ParsedItem> {
  if (item.kind !== 'pass') return item
  const { story } = item.value
  return pass({ ...item.value, story: { ...story, flags: [...(story.flags ?? []), 'charset-detected'] } })
}
