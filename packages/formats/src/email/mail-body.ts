import type { CleanBody } from '../body/body-writer.ts'
import { cleanHtml } from '../clean-html.ts'
import { cleanText } from '../clean-text.ts'
import { flowedText } from './flowed-text.ts'
import type { MailText } from './mail-content.ts'
import { bytesOfPart, type MimePart } from './mime/mime-part.ts'
import { textOfBytes } from './mime/text-of-bytes.ts'
import { splitHtml, splitText } from './signature.ts'

export interface MailBody extends CleanBody {
  /** Signatures and disclaimers. */
  readonly notes: readonly string[]
  readonly isCharsetDetected: boolean
  /** True where the message ends within the text. */
  readonly isCut: boolean
}

const nothing: MailBody = { html: '', text: '', notes: [], isCharsetDetected: false, isCut: false }

/** A mail's texts as one body: of several forms the first that has words in it. */
export function bodyOf(texts: readonly MailText[]): MailBody {
  let body = nothing
  for (const text of texts) body = joined(body, 'choices' in text ? firstTelling(text.choices) : bodyOfPart(text))
  return body
}

function firstTelling(choices: readonly (readonly MailText[])[]): MailBody {
  let last = nothing
  for (const choice of choices) {
    last = bodyOf(choice)
    if (last.text !== '') return last
  }
  return last
}

function joined(before: MailBody, after: MailBody): MailBody {
  return {
    html: before.html + after.html,
    text: before.text === '' || after.text === '' ? before.text + after.text : `${before.text}\n\n${after.text}`,
    notes: [...before.notes, ...after.notes],
    isCharsetDetected: before.isCharsetDetected || after.isCharsetDetected,
    isCut: before.isCut || after.isCut,
  }
}

function bodyOfPart(part: MimePart): MailBody {
  const { text, isDetected } = textOfBytes(bytesOfPart(part), part.parameters.get('charset'))
  const facts = { isCharsetDetected: isDetected, isCut: part.isCut }
  if (part.type === 'text/html') {
    const { body, notes } = splitHtml(cleanHtml(text))
    return { ...body, notes, ...facts }
  }
  const isFlowed = part.parameters.get('format')?.toLowerCase() === 'flowed'
  const lines = text.replace(/\r\n?/g, '\n')
  const plain = isFlowed ? flowedText(lines, part.parameters.get('delsp')?.toLowerCase() === 'yes') : lines
  const { body, notes } = splitText(plain)
  return { ...cleanText(body), notes, ...facts }
}
