import { type Outcome, pass, reject } from '@dateline/story'
import { countLines, etx } from '../teleprinter/controls.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { anpa1312Story } from './anpa-1312-story.ts'
import { frameOf } from './frame.ts'
import { findHeader } from './header-lines.ts'

const lookCharacters = 1_000
const mostMessages = 500
const mostLines = 100_000
/** Begins a message. */
const synSyn = '\x16\x16'

/**
 * ANPA 1312 as AP, AAP, Kyodo, Belga and, once, Reuters send it, with or without the control characters around it. One message, or several
 * one behind the other.
 */
export const anpa1312: WireFormat = {
  name: 'anpa-1312',

  recognises: ({ text }) => findHeader(text.slice(0, lookCharacters)) !== null,

  parse({ text }, context) {
    const messages = messagesIn(text)
    if (messages.length > mostMessages) return reject('too-complex', `more than ${mostMessages} messages`)
    if (countLines(text) > mostLines) return reject('too-complex', `more than ${mostLines} lines`)
    if (messages.every((each) => findHeader(each) === null)) return reject('malformed', 'no header lines of ANPA 1312')
    return pass(messages.map((message) => itemOf(message, context)))
  },
}

/** Parted where SYN SYN stands behind an ETX; what comes before the first is padding, and codes before another belong to what is over. */
function messagesIn(text: string): string[] {
  const messages: string[] = []
  let from = 0
  for (let end = text.indexOf(etx); end >= 0 && messages.length <= mostMessages; end = text.indexOf(etx, from)) {
    const next = text.indexOf(synSyn, end)
    if (next < 0) break
    messages.push(text.slice(from, next))
    from = next
  }
  return [...messages, text.slice(from)].filter((message) => /[\p{L}\p{N}]/u.test(message))
}

function itemOf(message: string, context: ParseContext): Outcome<ParsedItem> {
  const found = findHeader(message)
  if (found === null) return reject('malformed', 'no header lines of ANPA 1312')
  return anpa1312Story(found.header, frameOf(message.slice(found.end), found.header.keyword), context)
}
