import { isUtf8 } from 'node:buffer'
import { decode } from '@dateline/formats'
import { safe } from './output.ts'

const mostLines = 40
const mostBytes = 4_096
const mostDumped = 16 * 16

export interface ReadableHead {
  /** Lines, safe on a terminal. */
  readonly text: string
  /** Whether they show less than the whole. */
  readonly isCut: boolean
}

/** The beginning of a message for a person: at most 40 lines and 4 KB of its text, or at most 16 lines of its bytes where they are no text. */
export function readableHead(
  head: Buffer,
  { totalBytes, contentType }: { readonly totalBytes: number; readonly contentType?: string | undefined },
): ReadableHead {
  const shown = head.subarray(0, mostBytes)
  const whole = shown.byteLength < totalBytes ? withoutHalfLetter(shown) : shown
  const decoded = decode(whole, contentType === undefined ? {} : { contentType })
  const text = decoded.kind === 'pass' ? decoded.value.text : decoded.reason === 'empty' ? '' : null
  if (text === null || isGarbled(text))
    return { text: hexDump(shown.subarray(0, mostDumped)), isCut: totalBytes > mostDumped }
  const lines = text.trimEnd().split(/\r\n|\r|\n/)
  return {
    text: safe(lines.slice(0, mostLines).join('\n')),
    isCut: totalBytes > shown.byteLength || lines.length > mostLines,
  }
}

/** A letter of UTF-8 that was cut through would make the whole look like another character set. */
function withoutHalfLetter(bytes: Buffer): Buffer {
  for (let less = 0; less < 4; less++) {
    const shorter = bytes.subarray(0, bytes.byteLength - less)
    if (isUtf8(shorter)) return shorter
  }
  return bytes
}

/** More than a teleprinter's marks: nobody reads it. */
function isGarbled(text: string): boolean {
  const strange = text.match(/(?![\t\n\r])[\p{Cc}\p{Cn}\p{Co}\p{Cs}\ufffd]/gu)?.length ?? 0
  return strange > text.length * 0.1
}

/** Sixteen bytes a line, as numbers and as ASCII. */
function hexDump(bytes: Buffer): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.byteLength; at += 16) {
    const some = bytes.subarray(at, at + 16)
    const numbers = (some.toString('hex').match(/../g) ?? []).join(' ')
    const letters = some.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${numbers.padEnd(47)}  |${letters}|`)
  }
  return lines.join('\n')
}
