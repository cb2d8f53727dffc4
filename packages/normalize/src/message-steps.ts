import { hash } from 'node:crypto'
import { type DecodedMessage, decode, type ParsedItem, type WireFormat } from '@dateline/formats'
import { type Outcome, pass, reject, type Step } from '@dateline/story'
import type { WireMessage } from './wire-message.ts'

const maxBytes = 8 * 1024 * 1024

export interface Decoded {
  readonly wire: WireMessage
  readonly message: DecodedMessage
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

export const decodeText: Step<WireMessage, Decoded> = function decodeText(wire) {
  const { contentType, feed } = wire
  const decoded = decode(wire.bytes, {
    ...(contentType === undefined ? {} : { contentType }),
    ...(feed.charset === undefined ? {} : { charset: feed.charset }),
  })
  return decoded.kind === 'pass' ? pass({ wire, message: decoded.value }) : decoded
}

/** The format that the feed names, else the first that recognises the message. */
export function detectFormat(formats: readonly WireFormat[]): Step<Decoded, Detected> {
  return function detectFormat({ wire, message }) {
    const named = wire.feed.format
    const format = formats.find((each) => (named === undefined ? each.recognises(message) : each.name === named))
    if (format !== undefined) return pass({ wire, message, format })
    const start = JSON.stringify(message.text.slice(0, 80))
    return reject(
      'unknown-format',
      named === undefined ? `no format recognises ${start}` : `there is no format ${named}`,
    )
  }
}

export const parseItems: Step<Detected, ReadMessage> = function parseItems({ wire, message, format }) {
  const { feed, receivedAtMs } = wire
  const parsed = format.parse(message, { feed, receivedAtMs })
  if (parsed.kind !== 'pass') return parsed
  if (parsed.value.length === 0) return reject('no-story', `${format.name}: the message holds no item`)
  const items = message.isCharsetDetected === true ? parsed.value.map(withDetectedCharset) : parsed.value
  return pass({ wire, format: format.name, wireSha256: hash('sha256', wire.bytes), items })
}

/** Neither declared nor configured: what the text is written in was found out, and may be wrong. */
function withDetectedCharset(item: Outcome<ParsedItem>): Outcome<ParsedItem> {
  if (item.kind !== 'pass') return item
  const { story } = item.value
  return pass({ ...item.value, story: { ...story, flags: [...(story.flags ?? []), 'charset-detected'] } })
}
