import { Buffer } from 'node:buffer'

/** A part's content as it was before it was made fit for transport (RFC 2045 6). What is not known is left as it is. */
export function decodeTransfer(content: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(content, 'base64')
  return Buffer.from(encoding === 'quoted-printable' ? unquoted(content) : content, 'latin1')
}

/** Blanks at the ends of lines were added on the way; a line that ends in `=` goes on. */
function unquoted(content: string): string {
  const parts: string[] = []
  for (const line of content.split('\n')) {
    const clean = line.trimEnd()
    if (clean.endsWith('=')) parts.push(clean.slice(0, -1))
    else parts.push(clean, '\n')
  }
  if (parts.at(-1) === '\n') parts.pop()
  return parts
    .join('')
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
