import { Buffer } from 'node:buffer'
import { printable } from '../../body/body-text.ts'
import { textOfBytes } from './text-of-bytes.ts'

const longestField = 20_000
const word = /=\?([^\s?*]{1,60})(?:\*[^\s?]{1,30})?\?([BbQq])\?([^?]{0,2000})\?=/g

/** A field's text (RFC 2047), on one line. Words that follow each other are joined before they are decoded: some mailers cut letters in two. */
export function decodeWords(field: string): string {
  const source = field.slice(0, longestField)
  const parts: string[] = []
  let charset = ''
  let bytes = ''
  let at = 0
  const flush = (): void => {
    if (bytes !== '') parts.push(textOfBytes(Buffer.from(bytes, 'latin1'), charset).text)
    bytes = ''
  }
  for (const found of source.matchAll(word)) {
    const [all, label = '', encoding = '', content = ''] = found
    const between = source.slice(at, found.index)
    const isAdjacent = at > 0 && between.trim() === ''
    if (!isAdjacent || label.toLowerCase() !== charset) flush()
    if (!isAdjacent) parts.push(plain(between))
    charset = label.toLowerCase()
    bytes += /b/i.test(encoding) ? Buffer.from(content, 'base64').toString('latin1') : unquoted(content)
    at = found.index + all.length
  }
  flush()
  parts.push(plain(source.slice(at)))
  return printable(parts.join('')).replace(/\s+/g, ' ').trim()
}

/** Letters beyond ASCII that nobody encoded: UTF-8 (RFC 6532) or what the writer's machine had. */
const plain = (bytes: string): string =>
  isPlain(bytes) ? bytes : textOfBytes(Buffer.from(bytes, 'latin1'), undefined).text

const isPlain = (bytes: string): boolean => !/[^\p{ASCII}]/u.test(bytes)

const unquoted = (text: string): string =>
  text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
