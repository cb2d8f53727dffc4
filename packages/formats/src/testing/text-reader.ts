import type { Outcome } from '@dateline/story'
import { decode } from '../decode.ts'
import type { DecodedMessage, ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'

/** A format that reads texts, each as the bytes of a message. */
interface TextReader {
  recognises(text: string): boolean
  parse(text: string): Outcome<readonly Outcome<ParsedItem>[]>
  /** Throws where not all of them are stories. */
  items(text: string): readonly ParsedItem[]
  /** Throws where it is no story. */
  firstItem(text: string): ParsedItem
}

/** `context` is that of a feed without a profile, at the beginning of 1970, unless said. */
export function textReader(format: WireFormat, context: Partial<ParseContext> = {}): TextReader {
  const parse = (text: string) =>
    format.parse(decoded(text), { feed: { name: 'feed', supplier: 'supplier' }, receivedAtMs: 0, ...context })
  const outcomes = (text: string) => passed(parse(text))
  return {
    parse,
    recognises: (text) => format.recognises(decoded(text)),
    items: (text) => outcomes(text).map(passed),
    firstItem: (text) => passed(outcomes(text)[0]),
  }
}

function decoded(text: string): DecodedMessage {
  return passed(decode(Buffer.from(text)))
}

function passed<T>(outcome: Outcome<T> | undefined): T {
  if (outcome?.kind !== 'pass') throw new Error(JSON.stringify(outcome))
  return outcome.value
}
