import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { type Outcome, pass, reject } from '@dateline/story'
import { charsetNamed, decodeAs, hasLettersBelowA0 } from './charsets.ts'
import type { DecodedMessage } from './wire-format.ts'

export interface DecodeHints {
  readonly contentType?: string
  /** Encoding that the feed's settings name. */
  readonly charset?: string
}

const sampleBytes = 4_096
const shortestSampleBytes = 40
/** Bells, the tabs and spaces of tables, and the deletes that pad a teleprinter's lines: any number of them is text. */
const teleprinterBytes: ReadonlySet<number> = new Set([0x07, 0x08, 0x10, 0x7f])

/**
 * Bytes to text, once. A byte order mark decides; bytes that are valid UTF-8 are that, whatever they declare; then what the XML
 * declaration, the content type and the feed name; then windows-1252. A single-byte set that is named for another is read as named: nothing in the
 * bytes says otherwise. `empty` when there is no text, `charset` when it is not text.
 */
export function decode(bytes: Uint8Array, hints: DecodeHints = {}): Outcome<DecodedMessage> {
  if (bytes.byteLength === 0) return reject('empty', 'the message has no bytes')
  const decoded = decodeMarked(bytes) ?? decodeUnmarked(bytes, hints)
  if (typeof decoded === 'string') return reject('charset', decoded)
  const { text, charset, isDetected } = decoded
  if (!/\S/.test(text)) return reject('empty', 'the message is blank')
  return pass({
    bytes,
    text,
    charset,
    ...(isDetected ? { isCharsetDetected: true } : {}),
    ...(hints.contentType === undefined ? {} : { contentType: hints.contentType }),
  })
}

interface Decoded {
  readonly text: string
  readonly charset: string
  readonly isDetected: boolean
}

/** By byte order mark, or by the zeros that UTF-16 puts beside every letter. A string says why it is no text; null: neither is there. */
function decodeMarked(bytes: Uint8Array): Decoded | string | null {
  const [a = -1, b = -1, c = -1, d = -1] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf)
    return { text: utf8(bytes.subarray(3)), charset: 'utf-8', isDetected: false }
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return 'UTF-32'
  if (a === 0xff && b === 0xfe) return utf16(bytes, 'utf-16le', false)
  if (a === 0xfe && b === 0xff) return utf16(bytes, 'utf-16be', false)
  if (a > 0 && b === 0 && c > 0 && d === 0) return utf16(bytes, 'utf-16le', true)
  if (a === 0 && b > 0 && c === 0 && d > 0) return utf16(bytes, 'utf-16be', true)
  return null
}

function decodeUnmarked(bytes: Uint8Array, hints: DecodeHints): Decoded | string {
  const zero = bytes.indexOf(0)
  if (zero >= 0) return `byte 0 at ${zero}: not text`
  if (isAscii(bytes)) {
    const stateful = hasEscape(bytes) ? declaredIn(bytes, hints).find((label) => label === 'iso-2022-jp') : undefined
    const text = stateful === undefined ? null : decodeAs(bytes, stateful)
    if (text !== null) return { text, charset: 'iso-2022-jp', isDetected: false }
    return { text: buffer(bytes).toString('latin1'), charset: 'utf-8', isDetected: false }
  }
  const declared = declaredIn(bytes, hints)
  if (isUtf8(bytes))
    return { text: utf8(bytes), charset: 'utf-8', isDetected: declared[0] !== undefined && declared[0] !== 'utf-8' }
  if (isBinary(bytes, declared.some(hasLettersBelowA0))) return 'more control bytes than any text has'
  for (const label of declared) {
    if (label.startsWith('utf-')) continue
    const text = decodeAs(bytes, label)
    if (text !== null) return { text, charset: label, isDetected: label !== declared[0] }
  }
  if (isNearlyUtf8(bytes)) return { text: utf8(bytes), charset: 'utf-8', isDetected: true }
  return { text: new TextDecoder('windows-1252').decode(bytes), charset: 'windows-1252', isDetected: true }
}

/** Canonical names of the encodings that the message and its feed name, in the order in which they are believed. */
function declaredIn(bytes: Uint8Array, { contentType, charset }: DecodeHints): readonly string[] {
  const start = buffer(bytes.subarray(0, 200)).toString('latin1')
  const inXml = /^\s*<\?xml[^>]{0,150}?\sencoding\s*=\s*["']([^"'>]{1,40})["']/.exec(start)?.[1]
  const inType = contentType === undefined ? undefined : /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType)?.[1]
  return [inXml, inType, charset].flatMap((label) => (label === undefined ? [] : (charsetNamed(label) ?? [])))
}

function utf16(bytes: Uint8Array, charset: string, isDetected: boolean): Decoded | string {
  const text = decodeAs(bytes, charset)
  return text === null || text.includes('\0') ? `not valid ${charset}` : { text, charset, isDetected }
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const utf8 = (bytes: Uint8Array): string => buffer(bytes).toString('utf8')
const hasEscape = (bytes: Uint8Array): boolean => bytes.includes(0x1b)

/** Compressed and binary data hold control bytes evenly, teleprinter formats few of most. */
function isBinary(bytes: Uint8Array, hasLetters: boolean): boolean {
  const sample = bytes.subarray(0, sampleBytes)
  if (sample.byteLength < shortestSampleBytes) return false
  let controls = 0
  for (const byte of sample) {
    if (teleprinterBytes.has(byte)) continue
    if (byte < 32 ? byte < 9 || byte > 13 : !hasLetters && byte > 0x7f && byte < 0xa0) controls++
  }
  return controls > sample.byteLength * (hasLetters ? 0.07 : 0.15)
}

/** UTF-8 with a broken byte or two is better read as that than as windows-1252: whole sequences must far outnumber the broken. */
function isNearlyUtf8(bytes: Uint8Array): boolean {
  let whole = 0
  let broken = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) continue
    const length =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0
    let followed = 0
    while (followed < length && ((bytes[at + followed + 1] ?? 0) & 0xc0) === 0x80) followed++
    if (length > 0 && followed === length) whole++
    else broken++
    at += followed
  }
  return whole > broken * 8
}
