import { type Outcome, pass, reject } from '@dateline/story'
import { countLines, etx, linesOf, soh } from '../teleprinter/controls.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { frameOf } from './frame.ts'
import { readHeaderLine } from './header-line.ts'
import { iptc7901Story } from './iptc-7901-story.ts'

const lookCharacters = 400
const mostMessages = 500
const mostLines = 100_000

/**
 * IPTC 7901 revision 5, as dpa, Keystone-ATS, KNA and others send it, with or without the control characters around it. One message,
 * or several one behind the other.
 */
export const iptc7901: WireFormat = {
  name: 'iptc-7901',

  recognises: ({ text }) => linesOf(text.slice(0, lookCharacters)).some(isFirstHeader),

  parse(message, context) {
    const { text } = message
    const messages = messagesIn(text)
    if (messages.length === 0) return reject('malformed', 'no header line of IPTC 7901')
    if (messages.length > mostMessages) return reject('too-complex', `more than ${mostMessages} messages`)
    if (countLines(text) > mostLines) return reject('too-complex', `more than ${mostLines} lines`)
    return pass(messages.map((each) => itemOf(each, context)))
  },
}

/** Only blanks and padding may stand before the header line. */
function isFirstHeader(line: string, at: number, lines: readonly string[]): boolean {
  return readHeaderLine(line) !== null && lines.slice(0, at).every((before) => before.trim() === '')
}

/** Each from its header line on. An SOH within a text parts nothing; one behind an ETX begins a message, even where that cannot be read. */
function messagesIn(text: string): string[] {
  const messages: string[] = []
  for (const part of text.split(soh, mostMessages + 2)) {
    const start = part.slice(0, lookCharacters).search(/[\p{L}\p{N}]/u)
    if (start < 0) continue
    const open = messages.at(-1)
    if (startsWithHeader(part.slice(start, start + lookCharacters))) messages.push(part.slice(start))
    else if (open?.includes(etx)) messages.push(part)
    else if (open !== undefined) messages[messages.length - 1] = open + part
  }
  return messages
}

const startsWithHeader = (part: string): boolean => readHeaderLine(linesOf(part)[0] ?? '') !== null

function itemOf(message: string, context: ParseContext): Outcome<ParsedItem> {
  const frame = frameOf(message)
  return frame === null ? reject('malformed', 'no header line') : iptc7901Story(frame, context)
}
